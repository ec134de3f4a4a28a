"""What the pages of a contact say of targets and of what was typed wrongly."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import time_machine
from flask.testing import FlaskClient

from strategy.db import transaction
from strategy.models import User
from strategy.vocabulary import Via
from tests.cast import Cast
from tests.commands.stories import waiting_child
from tests.views.test_contacts import typed

SignIn = Callable[[User], FlaskClient]


def test_the_pages_of_a_target_past_the_bank_holidays_known_say_so(cast: Cast, sign_in: SignIn) -> None:
    with time_machine.travel(datetime(2028, 12, 27, 9, tzinfo=UTC), tick=False):
        with transaction("Sam Worker", Via.STAFF) as act:
            contact_id = waiting_child(cast, act).id
        worker, words = sign_in(cast.social_worker), "later ones are not counted"
        assert words in worker.get(f"/contacts/{contact_id}").text
        assert words in worker.get(f"/contacts/{contact_id}/book/children").text


def test_the_summary_of_errors_follows_the_page(browser: FlaskClient) -> None:
    page = browser.post("/contacts/new", data={"decided": "other"}).text
    summary = page[page.index("There is a problem") :].partition("</ul>")[0]
    links = re.findall(r'href="#([a-z_]+)(?:-0)?"', summary)
    assert links == ["case_reference", "received_at", "decided_at", "decided_by", "concerns"]


def test_an_hour_the_clocks_jump_over_is_said_at_its_field(browser: FlaskClient) -> None:
    answer = browser.post("/contacts/new", data=typed(received_at="2026-03-29T01:30"))
    assert "the clocks go forward then, and there is no such time that day" in answer.text
