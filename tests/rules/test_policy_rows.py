"""Holds that a policy's rows are said in words, kept as meant, and not taken away while something names them."""

import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategy.policy import example_text
from strategy.rules.policy import Policy
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.policy_reading import parse
from strategy.rules.policy_rows import AREAS, consequence, hindrances, place_words
from strategy.rules.policy_writing import dump

EXAMPLE = example_text()
COMMENTS = [line for line in EXAMPLE.splitlines() if line.startswith("#")]
codes = st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True).map(lambda code: f"x-{code}")
words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60)
days = st.dates(date(2026, 1, 1), date(2030, 1, 1))
spans = st.builds("{} {}".format, st.integers(1, 90), st.sampled_from(["h", "wd"]))
needs = st.lists(st.sampled_from(["police", "health", "gp", "camhs", "education"]), min_size=1, unique=True)
kinds = st.sampled_from(["initial", "follow-up", "lado", "pre-birth"])
rungs = st.lists(st.tuples(words, spans), min_size=4, max_size=6).map(
    lambda all_of_them: [
        {"title": title, **({"after": after} if number else {})} for number, (title, after) in enumerate(all_of_them)
    ]
)
suggestions = st.fixed_dictionaries(
    {"role": st.sampled_from(["housing", "legal"]), "why": words},
    optional={"when": st.just(["nursery", "missing"]), "required": st.just(True), "effective": days, "source": words},
)
edits = st.one_of(
    st.builds(lambda kind, chosen: Edit(("quorums", kind), "needs", chosen), kinds, needs),
    st.builds(lambda kind, day: Edit(("quorums", kind), "effective", day), kinds, days),
    st.builds(lambda day: Edit(("needs", "gp"), "from", day), days | st.none()),
    st.builds(
        lambda code, label: Edit(("needs",), code, {"label": label, "roles": ["health-gp"], "source": label}),
        codes,
        words,
    ),
    st.builds(lambda ladder: Edit(("roles", "police"), "ladder", ladder), st.sampled_from(["police", "partner"])),
    st.builds(lambda chosen: Edit(("ladders", "health"), "rungs", chosen), rungs),
    st.builds(
        lambda code, chosen: Edit(("ladders",), code, {"label": code, "source": "Ours", "rungs": chosen}), codes, rungs
    ),
    st.builds(lambda row: Edit(("invite",), 34, row), suggestions),
    st.builds(lambda place: Edit(("invite",), place, None), st.integers(0, 20)),
    st.builds(lambda place, why: Edit(("invite", place), "why", why), st.integers(0, 20), words),
    st.builds(
        lambda table, code, label: Edit((table,), code, label),
        st.sampled_from(["absence_reasons", "delay_reasons", "circumstances"]),
        codes,
        words,
    ),
    st.builds(
        lambda code: Edit(("absence_reasons",), code, None), st.sampled_from(["not-read", "declined", "held-early"])
    ),
    st.builds(lambda codes: Edit(("meetings",), "circumstances", codes), st.just(["nursery", "repeat-s47"])),
    st.builds(lambda rung: Edit(("chase",), "immediate_risk_rung", rung), st.integers(0, 3)),
)


@settings(max_examples=40)
@given(st.lists(edits, min_size=1, max_size=5))
def test_an_edited_policy_written_and_read_is_the_same_policy_and_keeps_every_comment(changes: list[Edit]) -> None:
    text = edited(EXAMPLE, changes)
    policy = parse(text)
    assert parse(dump(tomllib.loads(text))) == policy
    assert edited(text, changes[-1:]) == text or isinstance(changes[-1].key, int)
    assert [line for line in text.splitlines() if line.startswith("#")] == COMMENTS


def test_every_row_of_every_part_has_a_name_and_a_key_of_its_own(policy: Policy) -> None:
    for area in AREAS.values():
        rows = list(area.rows(policy))
        assert rows
        assert all(row.name for row in rows)
        assert len({row.key for row in rows}) == len(rows), area.title


def test_a_row_says_where_it_is_agreed_and_since_when(policy: Policy) -> None:
    quorum = next(AREAS["quorums"].rows(policy))
    assert quorum.says[-1] == "Education (from 1 December 2027)"
    assert quorum.agreed.endswith("ours †, from 1 April 2026")
    edit = Edit(("invite", 0), "effective", date(2026, 9, 1))
    assert next(AREAS["invitations"].rows(parse(edited(EXAMPLE, [edit])))).agreed == "from 1 September 2026"


@pytest.mark.parametrize(
    ("slug", "key", "why"),
    [
        (
            "roles",
            "hr",
            ["“Who can meet a need: Employer or its human resources” still names it", "“Invitations: Human"],
        ),
        ("roles", "minute-taker", ["A booking always asks for this role."]),
        ("needs", "housing", ["“Targets: 16 or 17-year-old presenting as homeless” still names it"]),
        ("needs", "camhs", []),
        ("circumstances", "repeat-s47", ["“A meeting, not a phone call” still names it"]),
        ("targets", "record", ["Targets: there must be a target called 'record', asked for by name."]),
        ("quorums", "lado", ["a row can be changed, not taken away"]),
        ("invitations", 3, []),
    ],
)
def test_what_is_named_elsewhere_is_not_taken_away(policy: Policy, slug: str, key: str | int, why: list[str]) -> None:
    found = hindrances(EXAMPLE, AREAS[slug], key, policy)
    assert len(found) == len(why)
    for one, begins in zip(found, why, strict=True):
        assert begins in one.words


def test_a_hindrance_names_the_row_to_change_first(policy: Policy) -> None:
    first, second = hindrances(EXAMPLE, AREAS["roles"], "housing", policy)
    assert (first.slug, first.key) == ("needs", "housing")
    assert (second.slug, policy.invite_rules[int(second.key)].role) == ("invitations", "housing")


def test_a_place_is_called_as_the_pages_call_it(policy: Policy) -> None:
    assert place_words("invite[3].role", policy) == "Invitations: Police"
    assert place_words("needs.gp", policy) == "Who can meet a need: GP"
    assert place_words("chase.shares", policy) == "Chasing"
    assert place_words("policy.nation", policy) == "Working time"


def test_what_the_program_itself_gives_is_said_before_it_goes() -> None:
    assert "by itself" in consequence(AREAS["absence-reasons"], "not-invited")
    assert "partner" in consequence(AREAS["delay-reasons"], "waiting-for-partner")
    assert consequence(AREAS["delay-reasons"], "other") == ""
