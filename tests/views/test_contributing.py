"""What an agency writes behind its link and the second step: kept as typed, sent in its name, never attendance."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from strategy.commands import holding
from strategy.db import db, transaction
from strategy.limits import limiter
from strategy.models import Contribution, ContributionDraft, Discussion, Event, User
from strategy.vocabulary import Basis, InvitationState, MessageChannel, Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import LATER, STARTS_AT, staff_act
from tests.views.answering import police_of
from tests.views.stepping import ask, code, link, opened

SAID = {"text": "Seen twice this month.", "basis": "fact", "restricted": "y"}


@pytest.fixture
def mailed(convened: int) -> str:
    limiter.reset()
    return link(convened, MessageChannel.EMAIL)


def test_nothing_is_written_without_the_second_step_and_what_was_typed_stays(client: FlaskClient, mailed: str) -> None:
    assert client.get(f"{mailed}/information").location == f"{mailed}/who"
    page = markup(client.post(f"{mailed}/information", data=SAID | {"go": "send"}))
    assert "half hour is over" in page and "Seen twice this month." in page
    assert db.session.query(Contribution).count() == db.session.query(ContributionDraft).count() == 0


def test_a_draft_is_kept_as_typed_and_sent_in_the_name_of_who_wrote_it(
    convened: int, client: FlaskClient, mailed: str, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    opened(client, mailed)
    assert client.post(f"{mailed}/information", data={"text": "Half a sent", "go": "keep"}).status_code == 303
    page = plain(client.get(f"{mailed}/information"))
    assert "Half a sent" in page and "not sent yet" in page
    assert "Half a sent" not in plain(sign_in(cast.chair).get(f"/discussions/{convened}/hold"))
    assert "Choose whether this is fact or opinion" in markup(
        client.post(f"{mailed}/information", data={"text": "Half", "go": "send"})
    )
    assert client.post(f"{mailed}/information", data=SAID | {"go": "send"}).status_code == 303
    db.session.rollback()
    sent = db.session.query(Contribution).one()
    assert (sent.text, sent.written_by, sent.via) == (SAID["text"], "Jo Sample, Detective Constable", Via.LINK)
    assert sent.basis is Basis.FACT and sent.restricted and not sent.third_party
    assert db.session.query(ContributionDraft).count() == 0
    police = police_of(convened)
    assert police.attendance is None and police.state is InvitationState.INVITED
    assert all("twice" not in event.text for event in db.session.query(Event))
    with transaction("tests", Via.COMMAND_LINE):
        holding.start(db.session.get_one(Discussion, convened), staff_act(cast, STARTS_AT, chair=True))
    with time_machine.travel(STARTS_AT, tick=False):
        chairs = plain(sign_in(cast.chair).get(f"/discussions/{convened}/hold"))
    assert "Received before" in chairs and "Seen twice this month." in chairs and "Restricted: ask" in chairs


def test_a_colleagues_draft_is_not_written_over_unseen(app: Flask, client: FlaskClient, mailed: str) -> None:
    opened(client, mailed)
    client.post(f"{mailed}/information", data={"text": "By Jo", "go": "keep"})
    other = app.test_client()
    with time_machine.travel(LATER + timedelta(minutes=2), tick=False):
        offered = markup(other.get(f"{mailed}/who")).split('name="way"')[1].split('value="')[1].split('"')[0]
        other.post(f"{mailed}/who", data={"by_name": "Kim", "by_role": "Sergeant", "way": offered})
        other.post(f"{mailed}/code", data={"code": code()})
        page = markup(other.post(f"{mailed}/information", data={"text": "By Kim", "go": "keep"}))
    assert "Jo Sample, Detective Constable changed this draft" in page and "By Kim" in page
    db.session.rollback()
    assert db.session.query(ContributionDraft).one().text == "By Jo"


def test_what_was_sent_is_shown_behind_the_step_only(client: FlaskClient, app: Flask, mailed: str) -> None:
    opened(client, mailed)
    client.post(f"{mailed}/information", data=SAID | {"go": "send"})
    assert "Seen twice" in plain(client.get(f"{mailed}/information"))
    stranger = app.test_client()
    ask(stranger, mailed, timedelta(minutes=2))
    assert "Seen twice" not in plain(stranger.post(f"{mailed}/information", data={"text": "x", "go": "keep"}))


def test_a_draft_is_saved_while_it_is_typed_and_the_page_says_when(
    app: Flask, client: FlaskClient, mailed: str
) -> None:
    opened(client, mailed)
    page = markup(client.get(f"{mailed}/information"))
    assert f'hx-post="{mailed}/information/draft"' in page and 'aria-live="polite"' in page
    form = {"submission": "a" * 32}
    for words in ("Seen", "Seen twice"):
        assert "1:10pm . Not sent yet, and only your agency sees it." in plain(
            client.post(f"{mailed}/information/draft", data=form | {"text": words})
        )
    db.session.rollback()
    draft = db.session.query(ContributionDraft).one()
    assert (draft.text, draft.written_by) == ("Seen twice", "Jo Sample, Detective Constable")
    sent = client.post(f"{mailed}/information", data=SAID | form | {"go": "send"})
    assert sent.status_code == 303
    db.session.rollback()
    assert db.session.query(Contribution).count() == 1 and db.session.query(ContributionDraft).count() == 0


def test_what_cannot_be_saved_while_it_is_typed_is_said_in_words(app: Flask, client: FlaskClient, mailed: str) -> None:
    address = f"{mailed}/information/draft"
    assert "Not saved: Your half hour is over" in plain(client.post(address, data={"text": "Seen"}))
    opened(client, mailed)
    assert "10,000 characters or fewer" in plain(client.post(address, data={"text": "x" * 10_001}))
    assert db.session.query(ContributionDraft).count() == 0
