"""Holds how a page changes the signed-in person's draft of a policy. No page of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from strategy.access import me, permitted
from strategy.act import Act, Refused
from strategy.commands import policies as deeds
from strategy.forms.policy import DraftForm
from strategy.forms.policy_areas import AreaForm
from strategy.models import PolicyDraft
from strategy.policy import parsed
from strategy.queries import policies
from strategy.rules.policy_editing import edited
from strategy.rules.policy_source import PolicyError, Problem
from strategy.views.submitting import submitted

_ELSEWHERE = "You changed this draft in another window. Nothing was saved: check it and try again"
KEPT = "Kept in your draft. Nobody works under it until it is published."


@dataclass(frozen=True, slots=True)
class Page:
    """A form's page: its title, the address it leads back and on to, and that page's name."""

    title: str
    back: str
    back_words: str = "Your draft of the policy"


def problems_of(text: str) -> tuple[Problem, ...]:
    """What is wrong with a text, each with its place and line; nothing where it is a policy."""
    try:
        parsed(text)
    except PolicyError as error:
        return error.problems
    return ()


def mine() -> PolicyDraft:
    """The signed-in person's draft; 404 when there is none."""
    draft = policies.draft_of(me().id)
    return permitted(PolicyDraft, draft.id) if draft else abort(404)


def mine_at(form: DraftForm) -> PolicyDraft:
    """The draft as it is in this transaction, as long as it is what the page showed. Raises Refused."""
    draft = mine()
    if form.revision.data != draft.revision:
        raise Refused(_ELSEWHERE)
    return draft


def change(make: Callable[[str], str], form: DraftForm, act: Act) -> None:
    """Give the draft the text made from its text. Raises Refused when it is not what the page showed."""
    draft = mine()
    deeds.change_draft(draft, make(draft.text), form.revision.data, act)


def kept(page: Page, form: AreaForm) -> ResponseReturnValue:
    """A part of the draft as a form; kept only when the whole is still a policy, else said at its box."""

    def do(act: Act) -> str:
        mine_at(form)
        change(lambda text: _judged(edited(text, form.edits()), form), form, act)
        return page.back

    return submitted(form, do, said=lambda: KEPT) or _shown(page, form)


def _judged(text: str, form: AreaForm) -> str:
    """The text, when it is a policy; its faults are put at the form's boxes otherwise. Raises Refused."""
    try:
        parsed(text)
    except PolicyError as error:
        form.refuse_faults(error)
        raise Refused("Nothing was saved: mend what is marked") from None
    return text


def _shown(page: Page, form: AreaForm) -> str:
    form.show_at(mine().revision)
    return render_template("policy/area.html", page=page, form=form)
