"""How every page is served: template loaders, built assets, security headers. Holds no page of ours."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request, send_from_directory
from govuk_frontend_wtf.main import WTFormsHelpers, wtforms_errors
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    Undefined,
)
from werkzeug.routing import BuildError
from wtforms import Form

from strategy.csp import POLICY

_HERE = Path(__file__).parent
_A_YEAR = 365 * 24 * 60 * 60

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # A partner's address is a key, a staff address names a discussion: neither goes along to another site.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}

UNBUILT = "The pages have not been built. Run `make assets`."
STALE_FORM = "This page had been open too long. Nothing was saved: check your answers and send them again."

# What the layouts read; a context processor or a view gives the real value, an error page may have none.
DEFAULTS: Mapping[str, Any] = {
    "service_name": "Strategy discussions",
    "authority_name": None,
    "signed_in_as": None,
    "home_url": "/",
    "sign_out_url": None,
    "sign_out_fields": (),
    "navigation": (),
    "last_chase_seconds": None,
    "chasing_watched": False,
    "holidays_end": None,
    "footer_links": (),
}


class Lenient(BaseLoader):
    """Loads templates other people wrote, which count on a missing name being empty; ours stay strict."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner
        self._overlays: dict[int, Environment] = {}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Give the source, or raise TemplateNotFound."""
        return self._inner.get_source(environment, template)

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """Compile in an overlay of the environment whose missing names are empty."""
        if environment.undefined is not StrictUndefined:
            return self._inner.load(environment, name, globals)
        overlay = self._overlays.get(id(environment))
        if overlay is None:
            overlay = self._overlays[id(environment)] = environment.overlay(undefined=Undefined)
        return self._inner.load(overlay, name, globals)


def install(app: Flask, static: Path = _HERE / "static") -> None:
    """Give the app our pages' loaders, assets and headers. Call once, before the first template is loaded.

    `static` is the folder `make assets` fills. Where it was not built (``built``) commands work and pages do not.
    """
    _install_templates(app)
    _install_assets(app, static)
    WTFormsHelpers(app)
    # Flask-WTF refuses an HTTPS form that comes without a Referer, and our own policy above forbids one:
    # the token and SameSite cookies are what protects the form.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.after_request(_protect)


def _install_templates(app: Flask) -> None:
    environment = app.jinja_env
    vendors = PrefixLoader({name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")})
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.loader = ChoiceLoader(
        [
            FileSystemLoader(_HERE / "templates"),
            Lenient(app.create_global_jinja_loader()),
            Lenient(vendors),
        ]
    )
    environment.globals.update(DEFAULTS)
    environment.globals["error_list"] = error_list


def _install_assets(app: Flask, static: Path) -> None:
    version = fingerprint(static) if built(static) else None

    def asset(name: str) -> str:
        if version is None:
            raise FileNotFoundError(UNBUILT)
        if not (static / name).is_file():
            raise BuildError("asset", {"name": name}, None)
        return f"/assets/{version}/{name}"

    def serve(asked: str, name: str) -> Response:
        # After an upgrade an open page still asks for the old version: it gets today's file, kept by nobody.
        if version is None or not (static / name).is_file():
            abort(404)
        kept = _A_YEAR if asked == version else 0
        response = send_from_directory(static, name, max_age=kept)
        response.cache_control.immutable = asked == version
        return response

    app.add_url_rule("/assets/<asked>/<path:name>", "asset", serve)
    app.jinja_env.globals["asset"] = asset


def built(static: Path = _HERE / "static") -> bool:
    """Whether `make assets` has run: what the browser is sent is there."""
    return (static / "app.css").is_file()


def fingerprint(static: Path) -> str:
    """Ten hex digits that change whenever any built asset does."""
    files = sorted(path for path in static.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(static).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}")
    if request.endpoint != "asset":
        # A shared desk computer must not give a record back by its Back button.
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def error_list(form: Form) -> list[dict[str, str]]:
    """Each field's first error with the address of its field; an error of the whole form has no address."""
    return [_error(item["text"], item["href"]) for item in wtforms_errors(form)["errorList"]]


def _error(text: str, href: str) -> dict[str, str]:
    if href in {"#", "#None"}:  # the errors of a whole form have no field, by either WTForms way
        return {"text": text}
    if href == "#csrf_token":  # hidden, so nothing to lead to, and its own words mean nothing to a reader
        return {"text": STALE_FORM}
    return {"text": text, "href": href}


def navigation(links: list[tuple[str, str]], path: str) -> list[dict[str, object]]:
    """Give the staff menu: the link whose address is the longest beginning of this path is the active one."""

    def within(href: str) -> bool:
        return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))

    active = max((href for _, href in links if within(href)), key=len, default=None)
    return [{"text": text, "href": href, "current": path == href, "active": href == active} for text, href in links]
