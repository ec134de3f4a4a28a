"""Every mail of the corpus is read as expected, with whichever line ends it arrives.

The mails are synthetic, in the shapes of the programs their names tell; corpus/expected.json holds their facts.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from notifications.inbound_mail import as_json, read, understood

CORPUS = Path(__file__).parent / "corpus"
EXPECTED: Mapping[str, Mapping[str, object]] = json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))
FACTS = tuple(as_json(read(b"")))
PROGRAMS = (
    *(
        "outlook-desktop",
        "outlook-365",
        "exchange",
        "gmail",
        "apple",
        "thunderbird",
        "zimbra",
        "domino",
        "zoho",
        "yahoo",
    ),
    *("fastmail", "sogo", "nextcloud", "groupwise", "samsung", "bounce", "delay", "auto", "person", "signed"),
    *("encrypted", "complaint", "read-receipt"),
)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_mail_of_the_corpus_is_read_field_by_field(name: str) -> None:
    raw = (CORPUS / f"{name}.eml").read_bytes()
    wanted = {fact: [] if fact == "bounced" else None for fact in FACTS} | dict(EXPECTED[name])
    for ends in (b"\n", b"\r\n", b"\r"):
        assert as_json(understood(raw.replace(b"\n", ends))) == wanted


def test_the_corpus_holds_every_program_and_nothing_without_an_expectation() -> None:
    assert {path.stem for path in CORPUS.glob("*.eml")} == set(EXPECTED)
    assert len(EXPECTED) >= 60
    assert [name for name in PROGRAMS if not any(mail.startswith(name) for mail in EXPECTED)] == []


def test_what_a_mail_is_about_is_kept_beside_what_it_is() -> None:
    about = {name: read((CORPUS / f"{name}.eml").read_bytes()).about for name in EXPECTED}
    assert about["bounce-postfix-unknown"] == ("m77",)
    assert about["bounce-of-our-invitation-whole"] == ("m78",)
    assert about["bounce-qmail"] == ("m92",)
    assert about["bounce-gmail"] == ("m94",)
    assert about["bounce-sieve-reject"] == ("m97",)
    assert about["delivered-receipt"] == ("m90",)
    assert about["complaint-arf"] == ("m99",)
    assert about["auto-sieve-vacation"] == ("m62",)
    assert about["outlook-365-accepted"] == ("m41",)


def test_whoever_answers_for_another_is_named() -> None:
    by = {name: read((CORPUS / f"{name}.eml").read_bytes()) for name in EXPECTED}
    assert by["exchange-2013-delegate-sends"].answered_by == "cpit.desk@police.northshire.example"
    assert by["reply-forwarded-as-attachment"].answered_by == "officer@northshire.example"
    assert by["nextcloud-accepted"].answered_by is None
    assert by["gmail-new-attendee-answers"].answered_by is None
    assert by["sogo-delegated"].delegated_to == "nurse.c@health-b.example"
    assert by["delegate-accepts"].delegated_from == "nurse.b@health-b.example"


def test_what_somebody_wrote_beside_an_answer_is_kept_and_a_blank_is_none() -> None:
    said = {name: read((CORPUS / f"{name}.eml").read_bytes()).comment for name in EXPECTED}
    assert said["outlook-365-accepted"] is None
    assert said["outlook-365-declined-with-words"] == "I am in clinic until five, please ask my colleague."
    assert said["outlook-desktop-2010-description"] == "I may be ten minutes late."
    assert said["gmail-accepted"] is None, "the description is our own"
    assert said["gmail-counter"] == "After school please"


def test_a_forward_that_failed_is_told_from_the_address_we_wrote_to() -> None:
    assert read((CORPUS / "bounce-forwarded-address.eml").read_bytes()).forwarded
    assert not read((CORPUS / "bounce-exchange-online-full.eml").read_bytes()).forwarded
    assert not read((CORPUS / "bounce-postfix-unknown.eml").read_bytes()).forwarded
