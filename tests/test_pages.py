"""How pages are served, on a bare Flask app: loaders, assets, headers, layouts. No page of ours, no macro."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, flash, render_template, render_template_string
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from jinja2 import UndefinedError
from wtforms import StringField
from wtforms.validators import InputRequired

from strategy import csp, pages

STAFF = """{% extends "layout/staff.html" %}{% block title %}Today{% endblock %}
{% block page %}<h1>Today</h1>{% endblock %}"""
PARTNER = """{% extends "layout/partner.html" %}{% block page %}<h1>Answer</h1>{% endblock %}"""
ERROR = """{% extends "layout/error.html" %}{% block title %}Not here{% endblock %}
{% block page %}<p>Go to Today.</p>{% endblock %}"""


class NameForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """One required field in the GOV.UK clothes."""

    name = StringField("Your name", widget=GovTextInput(), validators=[InputRequired("Give your name")])


@pytest.fixture
def static(tmp_path: Path) -> Path:
    for name in ("app.css", "app.js", "htmx.min.js", "favicon.svg"):
        (tmp_path / name).write_text(f"/* {name} */")
    return tmp_path


@pytest.fixture
def app(static: Path) -> Iterator[Flask]:
    app = Flask("bare", static_folder=None)
    app.config.update(SECRET_KEY="only for this test", TESTING=True)
    pages.install(app, static)
    app.add_url_rule("/", "page", lambda: render_template_string(STAFF))
    app.add_url_rule(
        "/framed",
        "framed",
        lambda: ("mail", {"Content-Security-Policy": csp.policy(frame_ancestors="'self'")}),
    )
    with app.test_request_context("/"):
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def staff(**facts: Any) -> str:
    return " ".join(render_template_string(STAFF, **facts).split())


def test_the_only_inline_script_is_the_one_the_policy_allows(client: FlaskClient) -> None:
    response = client.get("/")
    inline = re.findall(r"<script>(.*?)</script>", response.text, re.DOTALL)
    assert inline == [csp.GOVUK_INLINE_SCRIPT]
    allowed = response.headers["Content-Security-Policy"]
    assert csp.script_hash(inline[0]) in allowed
    assert "unsafe" not in allowed


@pytest.mark.parametrize("layout", [STAFF, PARTNER, ERROR])
def test_no_layout_carries_inline_style_or_handlers(app: Flask, layout: str) -> None:
    assert not re.search(r"<style|\sstyle=|\son\w+=", render_template_string(layout))


def test_a_page_is_kept_by_nobody_and_tells_its_address_to_nobody(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_view_may_give_its_own_policy(client: FlaskClient) -> None:
    assert "frame-ancestors 'self'" in client.get("/framed").headers["Content-Security-Policy"]


def test_https_is_remembered_and_http_is_not(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" in client.get("/", base_url="https://localhost").headers
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_an_asset_is_kept_for_a_year_and_an_old_version_is_not(client: FlaskClient, static: Path) -> None:
    with client.get(f"/assets/{pages.fingerprint(static)}/app.css") as now:
        assert now.data == b"/* app.css */"
        assert "max-age=31536000" in now.headers["Cache-Control"]
        assert "immutable" in now.headers["Cache-Control"]
    with client.get("/assets/0123456789/app.css") as old:
        assert old.status_code == 200
        assert "immutable" not in old.headers["Cache-Control"]
        assert "max-age=31536000" not in old.headers["Cache-Control"]


def test_an_asset_address_changes_with_any_asset(static: Path) -> None:
    before = pages.fingerprint(static)
    (static / "app.js").write_text("changed")
    assert pages.fingerprint(static) != before


@pytest.mark.parametrize("name", ["missing.css", "../pages.py", "%2e%2e/pages.py"])
def test_nothing_but_the_assets_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/x/{name}").status_code == 404


def test_where_no_asset_was_built_no_page_is_shown_and_the_reason_is_said(tmp_path: Path) -> None:
    bare = Flask("bare")
    pages.install(bare, tmp_path)
    assert not pages.built(tmp_path)
    with bare.test_request_context(), pytest.raises(FileNotFoundError, match="make assets"):
        render_template_string("{{ asset('app.css') }}")


def test_a_name_misspelt_in_our_template_is_an_error(app: Flask) -> None:
    with pytest.raises(UndefinedError):
        render_template_string("{{ discusion }}")


def test_a_name_missing_in_a_vendors_template_is_empty(app: Flask) -> None:
    html = render_template("govuk_frontend_wtf/input.html", params={"id": "a", "name": "a", "label": {"text": "A"}})
    assert '<input class="govuk-input" id="a" name="a"' in html


def test_a_page_without_a_title_is_an_error(app: Flask) -> None:
    with pytest.raises(Exception, match="title"):
        render_template_string('{% extends "layout/staff.html" %}{% block page %}{% endblock %}')


def test_the_staff_layout_says_who_where_and_how_private(app: Flask) -> None:
    html = staff(
        authority_name="Exampleshire Council",
        signed_in_as="T. Example",
        sign_out_url="/sign-out",
        sign_out_fields=[("csrf_token", "abc")],
        navigation=pages.navigation([("Today", "/"), ("Waiting", "/waiting")], "/waiting"),
    )
    assert "<title>Today – Strategy discussions</title>" in html
    assert "Exampleshire Council" in html
    assert "Signed in as T. Example" in html
    assert '<form method="post" action="/sign-out"> <input type="hidden" name="csrf_token" value="abc">' in html
    assert "OFFICIAL-SENSITIVE" in html
    assert 'href="/waiting" aria-current="page"' in html
    assert 'href="#main-content"' in html


def test_names_in_the_staff_layout_are_escaped(app: Flask) -> None:
    html = staff(authority_name="<b>X</b>", signed_in_as="<i>Y</i>")
    assert "<b>X" not in html
    assert "<i>Y" not in html


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "just now"), (1, "1 second ago"), (4, "4 seconds ago"), (60, "60 seconds ago")],
)
def test_a_running_chase_says_its_age_without_alarm(app: Flask, seconds: float, words: str) -> None:
    html = staff(chasing_watched=True, last_chase_seconds=seconds)
    assert f"Last chase {words}</p>" in html
    assert "Chasing has stopped" not in html


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (61, "Last chase 61 seconds ago."),
        (180, "3 minutes ago"),
        (7200, "2 hours ago"),
        (None, "not run yet"),
    ],
)
def test_a_chase_older_than_a_minute_raises_the_alarm(app: Flask, seconds: int | None, words: str) -> None:
    html = staff(chasing_watched=True, last_chase_seconds=seconds)
    assert 'role="alert"' in html
    assert "Chasing has stopped." in html
    assert words in html


def test_the_partner_layout_has_no_menu_and_a_neutral_title(app: Flask) -> None:
    html = render_template_string(PARTNER, authority_name="Exampleshire Council", signed_in_as="T. Example")
    assert "<title>Multi-agency meeting – Exampleshire Council</title>" in html
    assert "<nav" not in html
    assert "T. Example" not in html
    assert "OFFICIAL-SENSITIVE" in html
    assert '<meta name="referrer" content="no-referrer">' in html
    assert "How we use what you tell us" in html


def test_the_error_layout_needs_nothing_but_its_words(app: Flask) -> None:
    html = render_template_string(ERROR)
    assert '<h1 class="govuk-heading-l">Not here</h1>' in html
    assert "<p>Go to Today.</p>" in html


def test_a_form_with_errors_is_summed_up_and_marked_in_the_title(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    form = NameForm()
    form.validate()
    form.form_errors.append("Somebody else changed this")
    html = staff(form=form)
    assert "<title>Error: Today" in html
    assert '<a href="#name">Give your name</a>' in html
    assert "<li> Somebody else changed this </li>" in html


def test_a_stale_form_is_told_in_words_not_in_tokens(app: Flask) -> None:
    form = NameForm()
    form.validate()
    html = staff(form=form)
    assert pages.STALE_FORM in html
    assert "CSRF" not in html


def test_flashed_words_come_as_banners_and_are_escaped(app: Flask) -> None:
    flash("Recorded: <b>Jo</b> will attend.", "success")
    flash("Police declined.")
    flash("The text could not be sent.", "error")
    html = staff()
    assert "govuk-notification-banner--success" in html
    assert "Recorded: &lt;b&gt;Jo&lt;/b&gt; will attend." in html
    assert "Police declined." in html
    assert "govuk-error-summary" in html


def test_the_menu_marks_the_nearest_link() -> None:
    links = [("Today", "/"), ("Waiting", "/waiting"), ("Old", "/waiting/old")]
    menu = pages.navigation(links, "/waiting/old/7")
    assert [item["active"] for item in menu] == [False, False, True]
    assert [item["current"] for item in menu] == [False, False, False]
    assert [item["current"] for item in pages.navigation(links, "/")] == [True, False, False]
