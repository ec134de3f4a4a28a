"""The layouts and macros in a real browser, wide and at 320 px, judged by axe. No page of ours."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask, flash, render_template_string
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from strategy import pages
from tests.system.hand import AXE, JUDGE

STAFF = """{% extends "layout/staff.html" %}
{% from "layout/macros.html" import answer, empty, immediate_danger, status, summary, table, timeline %}
{% block title %}Discussion{% endblock %}
{% block back %}<a class="govuk-back-link" href="/">Back</a>{% endblock %}
{% block page %}
{{ immediate_danger() }}
<h1 class="govuk-heading-l">K7QD strategy discussion</h1>
{% call answer() %}{{ status("At risk", "red") }} No named police officer.{% endcall %}
<div class="app-actions"><a class="govuk-button" href="/">Move it</a><a class="govuk-button" href="/">Ring</a></div>
{{ table("Who is asked, at 2:10pm", ["Role", "Who", "Told", "Answered", "Next"], [
  ["Police", "Exampleshire MASH desk, open until 6pm", "12:50pm", status("Name needed", "orange"), "2:50pm by text"],
  ["School", "averyveryverylongaddress.without.any.break@school.example", "–", status("Coming", "green"), "–"]]) }}
{{ timeline([("2:10pm", "Texted the Detective Sergeant", false), ("2:50pm", "Will text the Inspector", true)]) }}
{{ summary([("Target", "Today, 5pm"), ("Children", "Two", "/children")]) }}
{% call empty("No decisions yet.") %}Record one when the discussion has started.{% endcall %}
{% for colour in ["grey", "blue", "teal", "green", "yellow", "orange", "red", "magenta", "purple"] %}
  {{ status(colour, colour) }}
{% endfor %}
{% endblock %}"""
PARTNER = """{% extends "layout/partner.html" %}{% block page %}<h1 class="govuk-heading-l">Answer</h1>{% endblock %}"""
ERROR = """{% extends "layout/error.html" %}{% block title %}This page is not here{% endblock %}
{% block page %}<p class="govuk-body"><a class="govuk-link" href="/">Go to Today</a></p>{% endblock %}"""
FACTS = {
    "authority_name": "Exampleshire Council",
    "signed_in_as": "T. Example",
    "sign_out_url": "/sign-out",
    "navigation": pages.navigation([("Today", "/"), ("Start the clock", "/start"), ("Waiting", "/waiting")], "/"),
    "chasing_watched": True,
    "last_chase_seconds": 190,
}


def staff() -> str:
    flash("Recorded: Jo Sample will attend.", "success")
    return render_template_string(STAFF, **FACTS)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    app = Flask("bare", static_folder=None)
    app.secret_key = "only for this test"
    pages.install(app)
    app.add_url_rule("/", "staff", staff)
    app.add_url_rule("/partner", "partner", lambda: render_template_string(PARTNER, **FACTS))
    app.add_url_rule("/error", "error", lambda: render_template_string(ERROR))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/", "/partner", "/error"])
def test_axe_finds_nothing_and_nothing_runs_off_the_side(browser: Browser, address: str, path: str, width: int) -> None:
    # axe is put into the page by the test, which the page's own policy rightly forbids.
    page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(JUDGE)
    assert [(item["id"], [node["target"] for node in item["nodes"]]) for item in found] == []
    page.close()


def test_the_pages_own_scripts_run_under_the_policy(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.get_by_role("button", name="Menu").click()
    assert page.get_by_role("link", name="Start the clock").is_visible()
    assert page.evaluate("typeof htmx") == "object"
    assert said == []
    page.close()
