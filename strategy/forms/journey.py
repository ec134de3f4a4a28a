"""Holds a booking being made: its pages' forms, filled from what was typed so far, and the plan they add up to."""

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from strategy.act import Refused
from strategy.clock import in_london
from strategy.commands import inviting, series
from strategy.commands.booking import Plan
from strategy.commands.series import Clock
from strategy.forms import times
from strategy.forms.booking import LENGTHS, ChildrenForm, WhenForm
from strategy.forms.choices import offered
from strategy.forms.form import OTHER
from strategy.forms.remembered import USUAL_LENGTH, remembered
from strategy.forms.who import WhoForm, who_form
from strategy.models import Child, Contact, User
from strategy.policy import calendar_of, parsed
from strategy.queries import bookings, clashes, directory, drafts, invitees, proposals
from strategy.queries.availability import Wanted
from strategy.queries.clashes import Clash
from strategy.queries.clocks import last_held
from strategy.queries.directory import Directory
from strategy.queries.proposals import Aim, Ring, Shape
from strategy.rules.invitees import Circumstances
from strategy.rules.occasion import FURTHEST, LONGEST
from strategy.rules.slots import Question, Slot, judge, propose, shorter
from strategy.vocabulary import DiscussionKind, Mode

PAGES = ("children", "who", "when")
ADDED = "added_role"  # the roles somebody added, kept with the page's answers
_UNSAVED = frozenset({"csrf_token", "submission", "then", "add_role"})
_NO_HURRY = timedelta(days=7)  # how far ahead times are looked for where there is no target
_UNBORN = "unborn"


class Journey:
    """One contact, one person, one booking being made."""

    def __init__(self, contact: Contact, me: User, now: datetime, **options: Any) -> None:
        """``options`` go to every form (a check without the browser's token says ``meta={"csrf": False}``)."""
        self.contact, self.me, self.now, self.options = contact, me, now, options
        self.policy = parsed(contact.policy.text)
        self.calendar = calendar_of(contact.policy.text)
        self.draft = drafts.booking_for(contact.id, me.id)
        self.before = last_held(contact)  # the discussion this one follows up
        self._questions: dict[Shape, Question] = {}

    @cached_property
    def directory(self) -> Directory:
        """Who can be asked."""
        return directory.directory(self.contact.authority_id, self.contact)

    def left_out(self, form: WhoForm) -> int:
        """How many choices page 2 does not offer, because somebody is implicated."""
        barred = self.directory.barred
        return self.directory.left_out({row.role.code for row in form.rows}) + len(barred.users)

    @cached_property
    def clock(self) -> Clock:
        """By when it is to be held: the contact's own target, that of the follow-up owed, or none."""
        return series.clock_of(self.contact, self.now, self.now)

    @property
    def due_at(self) -> datetime | None:
        """The target; None for a follow-up nobody owes."""
        return self.clock.due_at if self.clock.targeted else None

    def typed(self, page: str) -> "MultiDict[str, str] | None":
        """A page as it was typed; None before anybody has seen it."""
        saved = self.draft.pages.get(page)
        return None if saved is None else MultiDict([(name, one) for name, many in saved.items() for one in many])

    def children(self, typed: "MultiDict[str, str] | None" = None) -> ChildrenForm:
        """Page 1."""
        concerns = self.contact.concerns
        known = [_known(child) for child in self.contact.children]
        if known and _UNBORN in concerns and not any(child["unborn"] or child["born"] for child in known):
            known[0]["unborn"] = True
        flags = [flag for code in concerns for flag in self.policy.target(code).circumstances]
        suggested = {"children": known, "kind": self._usual_kind(), "flags": flags}
        form = ChildrenForm(typed or self.typed("children"), data=suggested, **self.options)
        form.set_today(in_london(self.now).date())
        form.offer_kinds(series.kinds(self.contact))
        form.flags.choices = offered(self.policy.circumstances.items())
        return form

    def who(self, typed: "MultiDict[str, str] | None" = None) -> WhoForm:
        """Page 2, following from page 1."""
        answers = typed or self.typed("who")
        added = answers.getlist(ADDED) if answers else invitees.roles_of(self.before)
        places = self.children().places
        rows = invitees.rows(self.contact, self.circumstances, self.directory, self.now, added, places, self.day)
        rows = invitees.as_before(rows, self.before)
        staff = directory.staff_of(self.contact.authority_id, about=self.contact)
        last = self.before or bookings.last_booked_by(self.me)
        roles = [(role.code, role.label) for role in self.policy.roles.values() if role.code not in invitees.OWN]
        return who_form(rows, staff, self.me, last, answers, roles, added, **self.options)

    def when(self, typed: "MultiDict[str, str] | None" = None) -> WhenForm:
        """Page 3, its times worked out from who was chosen on page 2."""
        answers = typed or self.typed("when")
        usual = remembered(self.me, self.before, bool(self.must_meet))
        form = WhenForm(answers, data=usual.fields, **self.options)
        question = self.question(self._shape(form))
        form.times, form.question = propose(question), question
        form.shorter = None if form.times.fits else shorter(question, [timedelta(minutes=one) for one in LENGTHS])
        slots = [(slot.starts_at.isoformat(), times.line(slot, question)) for slot in form.times.slots]
        if not form.slot.data and form.times.fits:
            form.slot.data = slots[0][0]
        form.offer(slots, list(self.policy.delay_reasons.items()))
        if answers is None:
            form.mode.description = usual.why
        form.due_at, form.now, form.must_meet = self.due_at, self.now, bool(self.must_meet)
        return form

    @property
    def must_meet(self) -> list[str]:
        """The concerns and circumstances for which policy asks for a meeting rather than a phone call."""
        return list(self.policy.must_meet(self.contact.concerns, self.circumstances.flags))

    @cached_property
    def day(self) -> date | None:
        """The day chosen on page 3, for needs that begin or end on a date; None before anybody has chosen one."""
        typed = self.typed("when")
        begins = WhenForm(typed, **self.options).begins if typed else None
        return None if begins is None else in_london(begins).date()

    @cached_property
    def circumstances(self) -> Circumstances:
        """What page 1 says about whom to ask."""
        form = self.children()
        return Circumstances(
            kind=form.chosen_kind,
            concerns=frozenset(self.contact.concerns),
            flags=form.circumstances(in_london(self.now).date()),
        )

    @cached_property
    def wanted(self) -> list[Wanted]:
        """Everybody chosen on page 2."""
        form = self.who()
        partners = [
            Wanted(one.role.code, one.role.label, one.option.words, one.required, one.option.desk, one.option.person)
            for one in form.asked()
        ]
        ours = proposals.own(*map(form.person, ("chair", "social_worker", "minute_taker")))
        return [*proposals.covered(partners, self.contact, self.directory.barred), *ours]

    def question(self, shape: Shape) -> Question:
        """When those chosen on page 2 could meet, in a discussion of that shape; asked once of each shape."""
        if shape not in self._questions:
            day = self.day or in_london(self.now).date()
            needs = self.policy.needs_of(self.circumstances.kind, tuple(self.contact.concerns), day)
            self._questions[shape] = proposals.for_contact(self.contact, self.wanted, needs, shape, self.now, self._aim)
        return self._questions[shape]

    @property
    def _aim(self) -> Aim:
        clock = self.clock
        due = clock.due_at if clock.targeted else self.now + _NO_HURRY
        return Aim(clock.warn_at, due, clock.urgent, clock.targeted)

    def to_ring(self) -> list[Ring]:
        """Whom to ring now, when it cannot wait for a time that suits."""
        return proposals.to_ring(self.wanted, self.now, self.calendar, self.contact)

    def unsuited(self, form: WhenForm) -> str:
        """Whom the time chosen on page 3 does not suit, and why; nothing when it suits everyone."""
        if form.begins is None or form.ends is None:
            return ""
        return times.without(judge(form.question, form.begins, form.ends).missing)

    def clashes(self, plan: Plan) -> list[Clash]:
        """The other discussions that have the time of a desk asked."""
        claims = inviting.claims(plan.invitees, plan.starts_at, plan.ends_at)
        return clashes.of(claims, self.contact.authority_id)

    def next_time(self) -> tuple[Slot, str] | None:
        """The best time there is now, in words; None when it is the one chosen, or suits no quorum."""
        form = self.when()
        best = form.times.slots[0] if form.times.fits else None
        return (best, times.line(best, form.question)) if best and best.starts_at != form.begins else None

    def at_another(self, starts_at: datetime) -> dict[str, list[str]]:
        """Page 3 as it was typed, but at that time."""
        return {**self.draft.pages.get("when", {}), "slot": [starts_at.isoformat()]}

    def retimed(self, typed: dict[str, list[str]]) -> dict[str, list[str]]:
        """Page 3 for another length: a time chosen from the list that is no longer on it is let go."""
        form = self.when(MultiDict([(name, one) for name, many in typed.items() for one in many]))
        offered_now = {slot.starts_at.isoformat() for slot in form.times.slots}
        kept_ones = {OTHER, *offered_now}
        return typed if set(typed.get("slot", ())) <= kept_ones else {**typed, "slot": []}

    def shortened(self, typed: dict[str, list[str]]) -> dict[str, list[str]]:
        """Page 3 for the shorter length that would fit, at its best time; as it was typed where none would."""
        slot = self.when(MultiDict([(name, one) for name, many in typed.items() for one in many])).shorter
        if slot is None:
            return typed
        minutes = (slot.ends_at - slot.starts_at) // timedelta(minutes=1)
        return {**typed, "minutes": [str(minutes)], "slot": [slot.starts_at.isoformat()]}

    def unfinished(self) -> tuple[str, str] | None:
        """The first page that is not answered rightly yet, and what is wrong (nothing for a page not seen yet).

        None when it can be booked. A page that was right can turn wrong: a chosen time goes by.
        """
        forms = {"children": self.children, "who": self.who, "when": self.when}
        for page, make in forms.items():
            if self.typed(page) is None:
                return page, ""
            form = make()
            if not form.validate():
                return page, _first_words(form.errors)
        return None

    def plan(self) -> Plan:
        """All pages as the command takes them. Only when nothing is unfinished."""
        children, who, when = self.children(), self.who(), self.when()
        begins, chair, social_worker = when.begins, who.person("chair"), who.person("social_worker")
        if begins is None or chair is None or social_worker is None:
            raise Refused("Somebody changed what this booking was made of: check each page again")
        return Plan(
            chair=chair,
            social_worker=social_worker,
            minute_taker=who.person("minute_taker"),
            kind=self.circumstances.kind,
            mode=Mode(when.mode.data),
            **when.joined_by(),
            starts_at=begins,
            ends_at=when.ends or begins,
            children=children.entries,
            invitees=inviting.at_time(who.invitees(), self.contact, begins, when.ends or begins),
            left_out=who.left_out(),
            direction=when.direction.data or None,
            direction_due_at=when.direction_due_at.moment,
            late_reason=when.late_reason.data or None,
            reference=self.draft.reference,
            consent=when.consent(),
        )

    def _shape(self, form: WhenForm) -> Shape:
        mode = next((mode for mode in Mode if mode.value == form.mode.data), Mode.VIDEO)
        near = form.ends if form.ends and form.ends <= self.now + FURTHEST + LONGEST else None
        return Shape(timedelta(minutes=form.length or USUAL_LENGTH), mode, near)

    def _usual_kind(self) -> str:
        """The kind named like a concern, where there is one ("missing"); pre-birth for an unborn baby."""
        if self.before is not None:
            return DiscussionKind.FOLLOW_UP.value
        kinds = {kind.value for kind in DiscussionKind}
        if _UNBORN in self.contact.concerns:
            return DiscussionKind.PRE_BIRTH.value
        return next((code for code in self.contact.concerns if code in kinds), DiscussionKind.INITIAL.value)


def kept(typed: "MultiDict[str, str]") -> dict[str, list[str]]:
    """What of a sent page is worth keeping: all but the browser's token and the button."""
    return {name: values for name, values in typed.lists() if name not in _UNSAVED}


def _first_words(errors: Any) -> str:
    """The first sentence among a form's errors, which nest where forms do."""
    if isinstance(errors, str):
        return errors
    inner = errors.values() if isinstance(errors, dict) else errors
    return next((words for words in map(_first_words, inner) if words), "")


def _known(child: Child) -> dict[str, Any]:
    return {
        "id": str(child.id),
        "case_reference": child.case_reference,
        "name": child.name,
        "born": date.fromisoformat(child.born) if child.born else None,
        "unborn": child.unborn,
        "school": child.school,
        "gp": child.gp,
    }
