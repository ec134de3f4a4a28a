"""An authority's own words: drafted, used, gone back from; used everywhere, and never at the price of a message."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from strategy import longest
from strategy.act import Act, Refused
from strategy.commands import wordings as deeds
from strategy.compose import LINK
from strategy.db import db, transaction
from strategy.models import Authority, Event, Message, WordingVersion
from strategy.own_words import ours
from strategy.queries import samples, wordings
from strategy.rules.wording import Wording, mark
from strategy.rules.wording_standards import STANDARDS
from strategy.serving import examining
from strategy.vocabulary import EventVerb, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, convene

INVITE = ours("invite")
OWN = Wording(
    subject="{answer_by}: please join us {time} ({reference})",
    mail=INVITE.mail.replace("Your agency is asked to", "<b>Kindly</b> come to"),
    text="{council}: please come {needed}. {how_to_answer}\n{link}\n{reference} {call_back}",
)
POLICE = {"email": "mash@police.example", "sms": "+447700900001"}
AT = BOOKED_AT - timedelta(days=2)


@pytest.fixture
def home(cast: Cast) -> Authority:
    return db.session.merge(cast.authority)


def admin(by: str = "Ada Admin") -> Act:
    return Act(by=by, at=AT, via=Via.STAFF)


def use(home: Authority, own: Wording = OWN, name: str = "invite", why: str = "Agreed with partners") -> WordingVersion:
    deeds.save_draft(home, name, own, admin())
    return deeds.use(home, name, mark(own), why, admin())


def sent(channel: str) -> Message:
    """The newest invitation by that channel to the police."""
    asked = select(Message).where(
        Message.name == "invite", Message.channel == channel, Message.address.contains(POLICE[channel])
    )
    return db.session.scalars(asked.order_by(Message.id.desc()).limit(1)).one()


def test_from_the_next_message_on_it_says_what_the_authority_wrote(home: Authority, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        convene(cast)
        first = sent("email").text
        use(db.session.merge(home))
        assert sent("email").text == first and "Kindly" not in first  # what is queued keeps its words
        convene(cast, case="CASE-4472", starts_at=BOOKED_AT + timedelta(hours=5))
        mail, text = sent("email"), sent("sms")
        subject = mail.subject or ""
        assert subject.startswith("Answer by ") and ": please join us Fri 27 Nov 5:50pm (" in subject
        assert mail.text.startswith("<b>Kindly</b> come to") and "Do not contact the family" in mail.text
        assert mail.html is not None and "&lt;b&gt;Kindly" in mail.html and "Do not contact the family" in mail.html
        assert text.text.startswith("Exampleshire Council: please come Fri 27 Nov 5:50pm. ")
        for body in (mail.text, text.text):
            assert body.split("\n").count(LINK) == 1
        told = db.session.query(Event).filter_by(verb=EventVerb.WORDS_CHANGED).one()
        assert told.text == "“An agency is asked” has the council’s own words, version 1"
        assert (told.by, told.facts) == ("Ada Admin", {"message": "invite", "version": 1})


def test_another_authority_keeps_its_own(home: Authority, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        use(db.session.merge(home))
        away = db.session.merge(cast.outsider).authority
        known = longest.invitation()
        assert "please join us" in wordings.words(home.id, "invite", known).subject
        assert "please join us" not in wordings.words(away.id, "invite", known).subject
        assert wordings.draft_of(away.id, "invite") is None and not wordings.in_use(away.id)


def test_one_goes_back_to_an_earlier_version_and_to_ours(home: Authority) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        authority = db.session.merge(home)
        use(authority)
        use(authority, replace(OWN, subject="Second: {answer_by} {time} {reference}"))
        assert deeds.go_back(authority, "invite", 1, 2, "It was clearer", admin()).number == 3
        said = wordings.words(authority.id, "invite", longest.invitation())
        assert "please join us" in said.subject
        with pytest.raises(Refused, match="changed these words meanwhile"):
            deeds.go_back(authority, "invite", 0, 2, "No", admin())
        with pytest.raises(Refused, match="in use already"):
            deeds.go_back(authority, "invite", 1, 3, "No", admin())
        with pytest.raises(Refused, match="no such earlier"):
            deeds.go_back(authority, "invite", 9, 3, "No", admin())
        assert deeds.go_back(authority, "invite", 0, 3, "Ours are better", admin()).number == 4
        assert "multi-agency meeting" in wordings.words(authority.id, "invite", longest.invitation()).subject
        assert [one.number for one in wordings.versions(authority.id, "invite")] == [4, 3, 2, 1]
        assert wordings.in_use(authority.id)["invite"].number == 4


def test_what_does_not_pass_the_checks_is_refused_at_its_part(home: Authority) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        authority = db.session.merge(home)
        with pytest.raises(Refused, match="There is no place {child}") as refused:
            deeds.save_draft(authority, "invite", replace(OWN, subject="{child} {time}"), admin())
        assert refused.value.field == "subject"
        with pytest.raises(Refused, match="nobody ever asks for it"):
            deeds.save_draft(authority, "code", OWN, admin())


def test_whoever_uses_a_draft_that_somebody_changed_is_told(home: Authority) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        authority = db.session.merge(home)
        deeds.save_draft(authority, "invite", OWN, admin())
        deeds.save_draft(authority, "invite", replace(OWN, mail=INVITE.mail), admin("Bo Other"))
        with pytest.raises(Refused, match="Bo Other changed the draft"):
            deeds.use(authority, "invite", mark(OWN), "Why not", admin())
        deeds.discard(authority, "invite")
        with pytest.raises(Refused, match="no draft any more"):
            deeds.use(authority, "invite", mark(OWN), "Why not", admin())


def test_whoever_uses_a_draft_older_than_the_newest_version_is_told(home: Authority) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        authority = db.session.merge(home)
        use(authority)
        deeds.save_draft(authority, "invite", replace(OWN, mail=INVITE.mail), admin())
        deeds.go_back(authority, "invite", 0, 1, "Ours are better", admin("Bo Other"))
        with pytest.raises(Refused, match="Bo Other used version 2 after this draft was saved"):
            deeds.use(authority, "invite", mark(replace(OWN, mail=INVITE.mail)), "Why", admin())


@pytest.mark.parametrize(
    "broken", [replace(OWN, text="{council}: come\n{reference}"), replace(OWN, mail=OWN.mail + " {gone}")]
)
def test_a_stored_version_that_cannot_be_said_loses_no_message(
    home: Authority, cast: Cast, broken: Wording, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction("tests", Via.COMMAND_LINE), caplog.at_level(logging.ERROR):
        version = use(db.session.merge(home))
        version.mail, version.text = broken.mail, broken.text  # as an upgrade, or a hand in the database, may leave it
        db.session.flush()
        convene(cast)
        assert "Your agency is asked" in sent("email").text and "your agency is needed" in sent("sms").text
        assert "wording invite of authority" in caplog.text and "version 1" in caplog.text
        assert "come" not in caplog.text and "K7QD" not in caplog.text
        words = next(one for one in examining.examine_database() if str(one["what"]).startswith("words of invite"))
        assert not words["ok"] and "version 1 no longer passes the checks" in str(words["words"])


def test_the_doctor_has_nothing_to_say_of_words_that_pass(home: Authority) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        use(db.session.merge(home))
        assert not wordings.broken() and not examining.examine_words()


def test_every_message_can_be_worded_and_previewed_by_its_own_beginning(home: Authority) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        authority = db.session.merge(home)
        for name in STANDARDS:
            changed = replace(ours(name), mail="Good day.\n\n" + ours(name).mail)
            use(authority, changed, name)
            assert samples.sample(authority, name, AT).words.text.startswith("Good day.")
            for case in samples.cases(authority, name, changed):
                assert "{" not in case.words.subject + case.words.text + case.words.sms + case.words.html
            assert wordings.most(authority, name, changed) <= 160
