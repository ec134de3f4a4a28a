"""Pages for the parts of a draft that are rows alike: what there is, and one added, changed or taken away."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.act import Act, Refused
from strategy.forms.policy import DraftForm
from strategy.forms.policy_convening import InviteForm, NeedForm, QuorumForm, RoleForm
from strategy.forms.policy_ladders import LadderForm
from strategy.forms.policy_rows import LabelForm, RowForm
from strategy.forms.policy_targets import TargetForm
from strategy.policy import parsed
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.policy_rows import AREAS, Area, Row, consequence, hindrances
from strategy.views.policy import writing
from strategy.views.policy_drafting import KEPT, Page, change, kept, mine, mine_at, problems_of
from strategy.views.submitting import submitted

blueprint = Blueprint("policy_rows", __name__, url_prefix="/policy/draft")

FORMS: Mapping[str, type[RowForm]] = {
    "targets": TargetForm,
    "quorums": QuorumForm,
    "needs": NeedForm,
    "roles": RoleForm,
    "invitations": InviteForm,
    "ladders": LadderForm,
}


@blueprint.get("/<slug>")
@writing
def listed(slug: str) -> ResponseReturnValue:
    """The rows of one part."""
    area, text = _area(slug), mine().text
    if problems_of(text):
        return redirect(url_for("policy_draft.text"))
    return render_template("policy/rows.html", area=area, rows=list(area.rows(parsed(text))))


@blueprint.route("/add/<slug>", methods=["GET", "POST"])
@writing
def add(slug: str) -> ResponseReturnValue:
    """A row more."""
    area = _area(slug)
    if area.fixed:
        abort(404)
    return _form(area, None, f"Add {area.one}")


@blueprint.route("/<slug>/<path:code>", methods=["GET", "POST"])
@writing
def changed(slug: str, code: str) -> ResponseReturnValue:
    """One row's boxes."""
    area, text = _area(slug), mine().text
    if problems_of(text):
        return redirect(url_for("policy_draft.text"))
    row = _row(area, text, code)
    return _form(area, row.key, row.name)


@blueprint.route("/remove/<slug>/<path:code>", methods=["GET", "POST"])
@writing
def remove(slug: str, code: str) -> ResponseReturnValue:
    """One row taken away, once nothing names it any more."""
    area, text = _area(slug), mine().text
    if problems_of(text):
        return redirect(url_for("policy_draft.text"))
    form = DraftForm(data={"revision": mine().revision})

    def do(act: Act) -> str:
        _take_away(area, code, form, act)
        return url_for("policy_rows.listed", slug=slug)

    return submitted(form, do, said=lambda: KEPT) or _removal(area, code, form)


def _take_away(area: Area, code: str, form: DraftForm, act: Act) -> None:
    text = mine_at(form).text
    row = _row(area, text, code)
    for why in hindrances(text, area, row.key, parsed(text)):
        raise Refused(why.words)
    change(lambda before: edited(before, [Edit((area.table,), row.key, None)]), form, act)


def _removal(area: Area, code: str, form: DraftForm) -> str:
    draft = mine()
    row = _row(area, draft.text, code)
    form.show_at(draft.revision)
    return render_template(
        "policy/remove.html",
        area=area,
        row=row,
        hindered=hindrances(draft.text, area, row.key, parsed(draft.text)),
        consequence=consequence(area, row.key),
        form=form,
    )


def _form(area: Area, key: str | int | None, title: str) -> ResponseReturnValue:
    draft = mine()
    if problems_of(draft.text):
        return redirect(url_for("policy_draft.text"))
    form = FORMS.get(area.slug, LabelForm).of(area, draft.text, parsed(draft.text), key, draft.revision)
    return kept(Page(title, url_for("policy_rows.listed", slug=area.slug), area.title), form)


def _area(slug: str) -> Area:
    return AREAS[slug] if slug in AREAS else abort(404)


def _row(area: Area, text: str, code: str) -> Row:
    """The row an address names; 404 where the draft has none such."""
    return next((row for row in area.rows(parsed(text)) if str(row.key) == code), None) or abort(404)
