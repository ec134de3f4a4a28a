"""Pages for a contact: start its clock, see it, decide it, close it, reclassify it, keep the child safe."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, looked, me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import contact_facts, contacts, partner_requests
from strategy.forms.contacts import (
    ContactForm,
    DecideForm,
    DecideUnsaidForm,
    FactsForm,
    NotNeededForm,
    ReclassifyForm,
    ReopenForm,
    SafetyForm,
    StartClockForm,
)
from strategy.forms.form import ButtonForm, Form
from strategy.models import Contact, PartnerRequest
from strategy.policy import parsed
from strategy.queries import clocks, conflicts, meanwhile, policies, restricted, timeline, waiting
from strategy.queries.waiting import WaitingLine, labels
from strategy.views.origins import back_to
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole, Waiting

blueprint = Blueprint("contacts", __name__, url_prefix="/contacts")

working = staff(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)


@blueprint.route("/new", methods=["GET", "POST"])
@working
def start() -> ResponseReturnValue:
    """Start the clock: one page, four answers."""
    user, asked = me(), _asked()
    form = StartClockForm(received_at=asked.asked_at if asked else moment())
    form.offer(parsed(policies.in_force(user.authority_id, moment()).text))

    def do(act: Act) -> str:
        starter = acting(act)
        policy = policies.in_force(starter.authority_id, act.at)
        contact = contacts.start_clock(form.entry(act.at, act.by), starter.authority, policy, starter, act)
        if asked is not None:
            partner_requests.became(permitted(PartnerRequest, asked.id, lock=True), contact, starter, act)
        return url_for("contacts.shown", contact_id=contact.id)

    done = submitted(form, do)
    return done or render_template("contacts/start.html", form=form, same_case=_same_case(form), asked=asked)


@blueprint.get("/<int:contact_id>")
@staff()
def shown(contact_id: int) -> ResponseReturnValue:
    """One contact: by when, under which rule, and what to do next. Its narrative is no administrator's to read."""
    contact = permitted(Contact, contact_id)
    looked(contact)
    return _page(contact, ReopenForm(formdata=None))


@blueprint.route("/<int:contact_id>/decide", methods=["GET", "POST"])
@working
def decide(contact_id: int) -> ResponseReturnValue:
    """Decide that a discussion is needed."""
    shown_now = permitted(Contact, contact_id)
    form = _deciding(shown_now)

    def change(contact: Contact, act: Act) -> None:
        if isinstance(form, DecideUnsaidForm):
            contacts.reclassify(contact, form.concerns.data or [], act, form.identified_at)
        contacts.decide(contact, form.decided_at.moment or act.at, form.decided_by.data or "", act)
        if not form.facts().nothing:
            contact_facts.say(contact, form.facts(), act)

    other = ("No: no discussion is needed, and why", url_for("contacts.not_needed", contact_id=contact_id))
    return _edit(contact_id, form, change, "A strategy discussion is needed", "Start the discussion's clock", other)


@blueprint.route("/<int:contact_id>/not-needed", methods=["GET", "POST"])
@working
def not_needed(contact_id: int) -> ResponseReturnValue:
    """Close it: no discussion is needed."""
    shown_now = permitted(Contact, contact_id)
    form = NotNeededForm(revision=shown_now.revision)

    def change(contact: Contact, act: Act) -> None:
        contacts.not_needed(contact, form.reason.data or "", act)

    page = "booking.begin" if shown_now.state is Waiting.DECIDED else "contacts.decide"
    other = ("A discussion is needed after all", url_for(page, contact_id=contact_id))
    return _edit(contact_id, form, change, "No strategy discussion is needed", "Close this contact", other)


@blueprint.post("/<int:contact_id>/reopen")
@working
def reopen(contact_id: int) -> ResponseReturnValue:
    """Undo the closing."""
    form = ReopenForm()

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        contacts.unchanged(contact, form.revision.data)
        contacts.reopen(contact, act)
        return url_for("contacts.shown", contact_id=contact_id)

    return submitted(form, do) or _page(permitted(Contact, contact_id), form)


@blueprint.route("/<int:contact_id>/concerns", methods=["GET", "POST"])
@working
def reclassify(contact_id: int) -> ResponseReturnValue:
    """Change the concerns; the clock keeps its start."""
    shown_now = permitted(Contact, contact_id)
    form = ReclassifyForm(obj=shown_now)
    form.offer(parsed(shown_now.policy.text))

    def change(contact: Contact, act: Act) -> None:
        contacts.reclassify(contact, form.concerns.data or [], act, form.identified_at)

    return _edit(contact_id, form, change, "Change the concerns", "Save: the clock keeps its start")


@blueprint.route("/<int:contact_id>/facts", methods=["GET", "POST"])
@working
def facts(contact_id: int) -> ResponseReturnValue:
    """Say why the threshold is met, and whether the family has been told."""
    shown_now = permitted(Contact, contact_id)
    looked(shown_now)
    kept = FactsForm.kept(shown_now)
    form = FactsForm(data=kept if shown_now.said else kept | {"document": _document()}).opened(kept, moment())

    def change(contact: Contact, act: Act) -> None:
        contact_facts.say(contact, form.facts(), act)

    return _edit(contact_id, form, change, "The threshold, and the family", "Save")


@blueprint.route("/<int:contact_id>/safety", methods=["GET", "POST"])
@working
def keep_safe(contact_id: int) -> ResponseReturnValue:
    """Say what keeps the child safe until the discussion."""
    shown_now = permitted(Contact, contact_id)
    looked(shown_now)
    form = SafetyForm(data=SafetyForm.kept(shown_now)).opened(SafetyForm.kept(shown_now), moment())

    def change(contact: Contact, act: Act) -> None:
        contacts.keep_safe(contact, form.safety.data or "", act)

    return _edit(contact_id, form, change, "Keeping the child safe", "Save")


def _edit(
    contact_id: int,
    form: ContactForm | FactsForm | SafetyForm,
    change: Callable[[Contact, Act], None],
    title: str,
    button: str,
    instead: tuple[str, str] | None = None,
) -> ResponseReturnValue:
    """One question about a contact; refused when somebody else has changed it since the page was opened.

    ``instead`` is the other answer there is: its words and its address.
    """

    def do(act: Act) -> str:
        contact = permitted(Contact, contact_id, lock=True)
        if isinstance(form, ContactForm):
            contacts.unchanged(contact, form.revision.data)
        else:
            form.still(form.kept(contact), meanwhile.told(contact, form.since), act.at)
        change(contact, act)
        return back_to(contact).address

    return submitted(form, do) or _edit_page(
        permitted(Contact, contact_id), form, title=title, button=button, instead=instead
    )


def _edit_page(contact: Contact, form: Form, **words: Any) -> str:
    if isinstance(form, ContactForm):
        form.show_at(contact.revision)
    return render_template("contacts/edit.html", form=form, contact=contact, back=back_to(contact), **words)


def _page(contact: Contact, form: ReopenForm) -> str:
    policy = parsed(contact.policy.text)
    form.show_at(contact.revision)
    return render_template(
        "contacts/shown.html",
        form=form,
        contact=contact,
        line=WaitingLine(contact),
        concerns=labels(contact),
        advice=[policy.target(code).advice for code in contact.concerns if policy.target(code).advice],
        policy=policy,
        then=clocks.follow_ons_of(contact),
        before_decision=clocks.before_decision(contact),
        events=waiting.events_of(contact),
        told_next=timeline.told_of(contact, moment()),
        states=Waiting,
        linked=restricted.linked(contact),
        implicated=len(conflicts.standing(contact)),
        may_chair=me().holds(StaffRole.CHAIR),
        button=ButtonForm(formdata=None),
        user_id=me().id,
        on_team=me().holds(StaffRole.EDT),
        may_work=me().holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR),
        may_read=me().holds(StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.LEADER),
    )


def _deciding(contact: Contact) -> DecideForm:
    """The form of a decision; where nobody has said the concerns yet, it asks for them too."""
    kind = DecideForm if contact.concerns else DecideUnsaidForm
    form = kind(decided_at=moment(), decided_by=me().full_name, revision=contact.revision, document=_document())
    if isinstance(form, DecideUnsaidForm):
        form.offer(parsed(contact.policy.text))
    return form


def _document() -> str | None:
    """The threshold document most likely meant."""
    return waiting.last_document(me().authority_id)


def _asked() -> PartnerRequest | None:
    """The partner's request the clock is started from, if it is."""
    asked = request.args.get("asked", type=int)
    return None if asked is None else permitted(PartnerRequest, asked)


def _same_case(form: StartClockForm) -> list[WaitingLine]:
    """The open contacts on the case just typed, when that is what the form was refused for."""
    if request.method != "POST" or not form.another.errors:
        return []
    return [WaitingLine(one) for one in waiting.same_case(me().authority_id, form.case_reference.data or "")]
