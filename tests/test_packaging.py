"""What is committed and what is shipped: the wheel, the locks, sizes and names of files. Judges no behaviour."""

import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock", "package-lock.json")
WRITTEN = {".py", ".html", ".scss", ".js", ".md", ".sh", ".txt"}
GENERATED = ROOT / "strategy/migrations/versions"
FORBIDDEN_ROOMS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "constants"}
# Written apart, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("cdnjs", "cloudflare", "com"),
    )
]


@cache
def committed() -> tuple[Path, ...]:
    """Every file git knows or would take, that is still there."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return tuple(sorted({ROOT / name for name in names if name and (ROOT / name).is_file()}))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names inside a wheel built from this checkout, with what is installed and no network."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, text=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize(
    "name",
    [
        "config.py",
        "strategy/app.py",
        "strategy/templates/layout/staff.html",
        "strategy/static/app.css",
        "strategy/static/app.js",
        "strategy/static/htmx.min.js",
        "strategy/static/govuk-frontend.min.js",
        "strategy/policy/example.toml",
        "strategy/migrations/env.py",
        "notifications/smtp.py",
    ],
)
def test_the_wheel_holds_what_the_product_needs(shipped: set[str], name: str) -> None:
    assert name in shipped


def test_the_wheel_holds_every_module_and_template_of_the_checkout(shipped: set[str]) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in committed()
        if path.is_relative_to(ROOT / "strategy") or path.is_relative_to(ROOT / "notifications")
    }
    assert ours - shipped == set()


def test_the_wheel_holds_nothing_of_the_workshop(shipped: set[str]) -> None:
    assert {name.split("/")[0] for name in shipped if ".dist-info/" not in name} == {
        "config.py",
        "notifications",
        "strategy",
    }


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_place_on_a_machine(name: str) -> None:
    text = (ROOT / name).read_text()
    assert '"resolved"' not in text
    assert not re.search(r"--(index-url|extra-index-url|find-links)|file:|(^|[\s\"'@])/[a-z]", text, re.MULTILINE)
    # npm writes down where a package's authors may be thanked; nothing is fetched from there.
    lines = [line.strip() for line in text.splitlines()]
    assert [line for line in lines if "://" in line and not line.startswith('"url": ')] == []


@pytest.mark.parametrize("name", [name for name in LOCKS if name.endswith(".lock")])
def test_every_locked_package_has_a_version_and_a_hash(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert packages
    assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


def test_what_it_runs_on_is_the_same_under_test() -> None:
    pinned = re.compile(r"^([\w.-]+)==([\w.]+)", re.MULTILINE)
    runtime, dev = (dict(pinned.findall((ROOT / name).read_text())) for name in LOCKS[1:3])
    assert {name: version for name, version in runtime.items() if dev.get(name) != version} == {}


def test_no_file_is_longer_than_300_lines() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in committed()
        if path.suffix in WRITTEN
        and not path.is_relative_to(GENERATED)
        and path.name != "CHANGELOG.md"  # it only ever grows
        and (lines := len(path.read_text().splitlines())) > 300
    }
    assert long == {}


def test_no_room_is_called_after_nothing() -> None:
    rooms = {
        path.relative_to(ROOT).as_posix()
        for path in committed()
        if path.suffix == ".py" and FORBIDDEN_ROOMS & {*path.relative_to(ROOT).with_suffix("").parts}
    }
    assert rooms == set()


def test_no_committed_text_names_a_registry() -> None:
    named = set()
    for path in committed():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        named |= {(path.relative_to(ROOT).as_posix(), host) for host in REGISTRIES if host in text}
    assert named == set()


def test_what_is_built_is_not_committed() -> None:
    built = (ROOT / "strategy/static", ROOT / "node_modules", ROOT / ".venv", ROOT / "var")
    assert [path for path in committed() if any(path.is_relative_to(folder) for folder in built)] == []


def test_the_readme_lists_every_setting() -> None:
    names = re.findall(
        r'"((?:STRATEGY|SMTP|TWILIO|NOTIFY|IMAP)_[A-Z_]+|DATABASE_URL|PORT)"', (ROOT / "config.py").read_text()
    )
    assert names
    readme = (ROOT / "README.md").read_text()
    assert sorted({name for name in names if f"`{name}`" not in readme}) == []
