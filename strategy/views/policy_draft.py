"""Pages that write a policy: a draft, its areas as forms, its whole text, an import, the preview, publishing."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, me, moment, permitted
from strategy.act import Act, Refused
from strategy.commands import policies as deeds
from strategy.forms.policy import DraftForm, EmptyForm, ImportForm, PublishForm, TextForm
from strategy.forms.policy_areas import AreaForm, ChasingForm, HoursForm, TargetForm
from strategy.models import PolicyDraft, PolicyVersion
from strategy.policy import calendar_of, parsed
from strategy.queries import policies
from strategy.rules.policy import Policy
from strategy.rules.policy_changes import changes, differing_lines, rehearse
from strategy.rules.policy_editing import edited
from strategy.rules.policy_source import PolicyError, Problem
from strategy.rules.policy_words import rung_words
from strategy.views.policy import writing
from strategy.views.submitting import submitted

blueprint = Blueprint("policy_draft", __name__, url_prefix="/policy/draft")


@blueprint.post("/from/<int:version_id>")
@writing
def begin(version_id: int) -> ResponseReturnValue:
    """Begin a draft from a version; one there is already is gone on with, never overwritten."""
    form = EmptyForm()

    def do(act: Act) -> str:
        version, user = permitted(PolicyVersion, version_id), acting(act)
        if policies.draft_of(user.id) is None:
            deeds.begin_draft(user, version, version.text, act)
        return url_for("policy_draft.shown")

    return submitted(form, do) or redirect(url_for("policy.shown", version_id=version_id))


@blueprint.get("")
@writing
def shown() -> ResponseReturnValue:
    """The draft: what can be changed, and what is wrong with it."""
    draft = _mine()
    if problems_of(draft.text):
        return redirect(url_for("policy_draft.text"))
    policy = parsed(draft.text)
    differing = changes(parsed(draft.base.text), policy)
    form = EmptyForm(formdata=None)
    return render_template("policy/draft.html", draft=draft, policy=policy, changes=differing, form=form)


@blueprint.route("/text", methods=["GET", "POST"])
@writing
def text() -> ResponseReturnValue:
    """The whole text. What is typed is kept, right or wrong, and every fault is said with its line."""
    draft = _mine()
    form = TextForm(text=draft.text, revision=draft.revision)

    def do(act: Act) -> str:
        typed = (form.text.data or "") + "\n"
        _change(lambda _text: typed, form, act)
        return url_for("policy_draft.text" if problems_of(typed) else "policy_draft.shown")

    return submitted(form, do) or _text_page(form)


@blueprint.route("/hours", methods=["GET", "POST"])
@writing
def hours() -> ResponseReturnValue:
    """Nation, hours of business, closure days."""
    return _area("Working time", lambda policy, revision: HoursForm.of(policy, revision))


@blueprint.route("/chasing", methods=["GET", "POST"])
@writing
def chasing() -> ResponseReturnValue:
    """The figures of the chasing."""
    return _area("Chasing", lambda policy, revision: ChasingForm.of(policy.chase, revision))


@blueprint.route("/targets/<code>", methods=["GET", "POST"])
@writing
def target(code: str) -> ResponseReturnValue:
    """One target."""

    def form_of(policy: Policy, revision: int) -> AreaForm:
        return TargetForm.of(policy.targets[code] if code in policy.targets else abort(404), revision)

    return _area(f"Target: {code}", form_of)


@blueprint.route("/import", methods=["GET", "POST"])
@writing
def brought() -> ResponseReturnValue:
    """A text brought along becomes the draft."""
    form = ImportForm()

    def do(act: Act) -> str:
        user = acting(act)
        base = policies.latest(user.authority_id)
        deeds.begin_draft(user, base, form.brought, act)
        return url_for("policy_draft.text" if problems_of(form.brought) else "policy_draft.publish")

    return submitted(form, do) or render_template("policy/import.html", form=form, draft=policies.draft_of(me().id))


@blueprint.route("/publish", methods=["GET", "POST"])
@writing
def publish() -> ResponseReturnValue:
    """What it would change, and what not; then publish it."""
    draft = _mine()
    if problems_of(draft.text):
        return redirect(url_for("policy_draft.text"))
    form = PublishForm(revision=draft.revision)

    def do(act: Act) -> str:
        mine = _mine_at(form)
        version = deeds.publish(mine.authority, form.publication(mine.text, mine.newest), act)
        deeds.discard_draft(acting(act))
        return url_for("policy.shown", version_id=version.id)

    return submitted(form, do) or _preview(form)


@blueprint.post("/renew")
@writing
def renew() -> ResponseReturnValue:
    """Having seen what was published meanwhile, go on."""
    form = DraftForm()

    def do(act: Act) -> str:
        deeds.renew_draft(_mine_at(form))
        return url_for("policy_draft.publish")

    return submitted(form, do) or redirect(url_for("policy_draft.publish"))


@blueprint.post("/discard")
@writing
def discard() -> ResponseReturnValue:
    """Forget the draft."""

    def do(act: Act) -> str:
        deeds.discard_draft(acting(act))
        return url_for("policy.listed")

    return submitted(EmptyForm(), do) or redirect(url_for("policy_draft.shown"))


def problems_of(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text, each with its place and line; nothing where it is a policy."""
    try:
        parsed(text)
    except PolicyError as error:
        return error.problems
    return ()


def _mine() -> PolicyDraft:
    """The signed-in person's draft; 404 when there is none."""
    draft = policies.draft_of(me().id)
    return permitted(PolicyDraft, draft.id) if draft else abort(404)


def _mine_at(form: DraftForm) -> PolicyDraft:
    """The draft as it is in this transaction, as long as it is what the page showed. Raises Refused."""
    draft = _mine()
    if form.revision.data != draft.revision:
        raise Refused("You changed this draft in another window. Nothing was saved: check it and try again")
    return draft


def _change(make: Callable[[str], str], form: DraftForm, act: Act) -> None:
    draft = _mine()
    deeds.change_draft(draft, make(draft.text), form.revision.data, act)


def _area(title: str, form_of: Callable[[Policy, int], AreaForm]) -> ResponseReturnValue:
    """A part of the draft as a form; kept only when the whole is still a policy, else said at its box."""
    draft = _mine()
    if problems_of(draft.text):
        return redirect(url_for("policy_draft.text"))
    form = form_of(parsed(draft.text), draft.revision)

    def do(act: Act) -> str:
        _change(lambda text: _judged(edited(text, form.edits()), form), form, act)
        return url_for("policy_draft.shown")

    return submitted(form, do) or _area_page(title, form)


def _judged(text: str, form: AreaForm) -> str:
    """The text, when it is a policy; its faults are put at the form's boxes otherwise. Raises Refused."""
    try:
        parsed(text)
    except PolicyError as error:
        form.refuse_faults(error)
        raise Refused("Nothing was saved: mend what is marked") from None
    return text


def _area_page(title: str, form: AreaForm) -> str:
    form.show_at(_mine().revision)
    return render_template("policy/area.html", title=title, form=form)


def _text_page(form: TextForm) -> str:
    draft = _mine()
    lines = draft.text.splitlines()
    faults = [
        (fault, lines[fault.line - 1].strip() if fault.line and fault.line <= len(lines) else "")
        for fault in problems_of(draft.text)
    ]
    form.show_at(draft.revision)
    return render_template("policy/text.html", form=form, faults=faults)


def _preview(form: PublishForm) -> str:
    draft, authority_id = _mine(), me().authority_id
    follows = policies.latest(authority_id)
    old, new = parsed(follows.text), parsed(draft.text)
    calendars = calendar_of(follows.text), calendar_of(draft.text)
    form.show_at(draft.revision)
    return render_template(
        "policy/publish.html",
        form=form,
        draft=draft,
        follows=follows,
        newest=policies.newest(authority_id),
        changes=changes(old, new),
        lines=list(differing_lines(follows.text, draft.text)),
        rehearsals=rehearse(old, new, calendars, moment()),
        running=policies.running(authority_id),
        rung_words=rung_words,
    )
