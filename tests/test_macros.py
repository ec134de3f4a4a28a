"""What pages say again and again: layout/macros.html, rendered one at a time. No layout, no page of ours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string

from strategy import pages


@pytest.fixture(autouse=True)
def app(tmp_path: Path) -> Iterator[Flask]:
    (tmp_path / "app.css").write_text("")
    app = Flask("bare", static_folder=None)
    pages.install(app, tmp_path)
    with app.test_request_context("/"):
        yield app


def macro(call: str, body: str | None = None, **facts: Any) -> str:
    use = f"{{{{ {call} }}}}" if body is None else f"{{% call {call} %}}{body}{{% endcall %}}"
    name = call.split("(")[0]
    source = f'{{% from "layout/macros.html" import {name} %}}{use}'
    return " ".join(render_template_string(source, **facts).split())


def test_a_status_is_a_word_in_a_tag() -> None:
    assert macro("status('At risk', 'red')") == ('<strong class="govuk-tag govuk-tag--red app-nowrap">At risk</strong>')


def test_a_time_is_an_instant_in_utc_and_words() -> None:
    at = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
    assert macro("when(at, 'Friday, 3:30pm', 'in 40 minutes')", at=at) == (
        '<time datetime="2026-11-27T15:30:00Z">Friday, 3:30pm</time> <span class="app-near">(in 40 minutes)</span>'
    )


def test_a_date_has_no_hour() -> None:
    assert macro("when(on, 'Friday 27 November')", on=date(2026, 11, 27)) == (
        '<time datetime="2026-11-27">Friday 27 November</time>'
    )


def test_a_table_repeats_its_roles_and_labels_for_the_phone() -> None:
    html = macro("table('Asked', ['Role', 'Who'], [['Police', '<MASH>']])")
    assert '<th scope="row" class="govuk-table__header" role="rowheader">Police</th>' in html
    assert '<span class="app-table__label" aria-hidden="true">Who</span>&lt;MASH&gt;</td>' in html


def test_a_coming_step_is_said_not_only_drawn() -> None:
    html = macro("timeline([('2:10pm', 'Texted', false), ('2:50pm', 'Will text', true)])")
    assert html.count("Coming: ") == 1


def test_a_summary_row_says_what_its_change_link_changes() -> None:
    html = macro("summary([('Target', 'Today'), ('Children', 'Two', '/c')])")
    assert 'href="/c">Change<span class="govuk-visually-hidden"> children</span></a>' in html
    assert html.count("no-actions") == 1


def test_an_empty_list_says_so_and_what_to_do() -> None:
    html = macro("empty('None yet.')", "Start one.")
    assert "None yet." in html
    assert "Start one." in html


def test_an_answer_may_be_words_or_a_block() -> None:
    assert macro("answer('<3 waiting>')") == '<p class="app-answer">&lt;3 waiting&gt;</p>'
    assert macro("answer()", "<b>3</b> waiting") == '<p class="app-answer"><b>3</b> waiting</p>'


def test_immediate_danger_says_999_first() -> None:
    html = macro("immediate_danger()")
    assert "<strong>Immediate danger? Call 999.</strong> Police protection cannot wait for a discussion" in html
