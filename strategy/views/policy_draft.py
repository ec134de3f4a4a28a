"""Pages that write a policy: a draft, what it has once as forms, its whole text, an import, publishing."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, me, moment, permitted
from strategy.act import Act
from strategy.commands import policies as deeds
from strategy.forms.policy import DraftForm, EmptyForm, ImportForm, PublishForm, TextForm
from strategy.forms.policy_areas import AreaForm, ChasingForm, HoursForm, MeetingsForm
from strategy.forms.policy_watching import WatchingForm
from strategy.models import PolicyVersion
from strategy.policy import calendar_of, parsed
from strategy.queries import policies
from strategy.rules.policy import Policy
from strategy.rules.policy_changes import changes, differing_lines, rehearse
from strategy.rules.policy_remarks import remarks
from strategy.rules.policy_rows import AREAS
from strategy.rules.policy_words import rung_words
from strategy.views.policy import writing
from strategy.views.policy_drafting import Page, change, kept, mine, mine_at, problems_of
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
    draft = mine()
    if problems_of(draft.text):
        return redirect(url_for("policy_draft.text"))
    policy = parsed(draft.text)
    differing = changes(parsed(draft.base.text), policy)
    form = EmptyForm(formdata=None)
    return render_template(
        "policy/draft.html",
        draft=draft,
        policy=policy,
        changes=differing,
        areas=AREAS,
        form=form,
        remarks=remarks(policy),
    )


@blueprint.route("/text", methods=["GET", "POST"])
@writing
def text() -> ResponseReturnValue:
    """The whole text. What is typed is kept, right or wrong, and every fault is said with its line."""
    draft = mine()
    form = TextForm(text=draft.text, revision=draft.revision)

    def do(act: Act) -> str:
        typed = (form.text.data or "") + "\n"
        change(lambda _text: typed, form, act)
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


@blueprint.route("/watching", methods=["GET", "POST"])
@writing
def watching() -> ResponseReturnValue:
    """The figures of watching: who is told of their own accord, and when."""
    return _area("Watching", lambda policy, revision: WatchingForm.of(policy.watch, revision))


@blueprint.route("/meetings", methods=["GET", "POST"])
@writing
def meetings() -> ResponseReturnValue:
    """When it must be a meeting and no phone call."""
    return _area("A meeting, not a phone call", lambda policy, revision: MeetingsForm.of(policy, revision))


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
    draft = mine()
    if problems_of(draft.text):
        return redirect(url_for("policy_draft.text"))
    form = PublishForm(revision=draft.revision)

    def do(act: Act) -> str:
        mine = mine_at(form)
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
        deeds.renew_draft(mine_at(form))
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


def _area(title: str, form_of: Callable[[Policy, int], AreaForm]) -> ResponseReturnValue:
    draft = mine()
    if problems_of(draft.text):
        return redirect(url_for("policy_draft.text"))
    return kept(Page(title, url_for("policy_draft.shown")), form_of(parsed(draft.text), draft.revision))


def _text_page(form: TextForm) -> str:
    draft = mine()
    lines = draft.text.splitlines()
    faults = [
        (fault, lines[fault.line - 1].strip() if fault.line and fault.line <= len(lines) else "")
        for fault in problems_of(draft.text)
    ]
    form.show_at(draft.revision)
    return render_template("policy/text.html", form=form, faults=faults)


def _preview(form: PublishForm) -> str:
    draft, authority_id = mine(), me().authority_id
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
        remarks=remarks(new),
    )
