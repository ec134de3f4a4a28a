"""Pages of a discussion's papers for those who work on it: the list, attaching, opening, withdrawing."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import looked, permitted, staff
from strategy.act import Act
from strategy.commands import papers
from strategy.forms.form import Form
from strategy.forms.papers import StaffPaperForm, WithdrawPaperForm
from strategy.models import Discussion, Paper
from strategy.queries import papers as attached
from strategy.views import paper_files
from strategy.views.holding import KEEPERS
from strategy.views.submitting import submitted

blueprint = Blueprint("papers", __name__)
paper_files.takes_files(blueprint)

_keepers = staff(*KEEPERS)


@blueprint.route("/discussions/<int:discussion_id>/papers", methods=["GET", "POST"])
@_keepers
def listed(discussion_id: int) -> ResponseReturnValue:
    """Every paper, who sees it and who opened it; attach another."""
    looked(permitted(Discussion, discussion_id))
    form = StaffPaperForm().offer(attached.agencies(permitted(Discussion, discussion_id)))

    def do(act: Act) -> str:
        papers.attach(permitted(Discussion, discussion_id, lock=True), form.paper(), act)
        return url_for("papers.listed", discussion_id=discussion_id)

    return submitted(form, do) or _page(discussion_id, form)


@blueprint.get("/papers/<int:paper_id>/file")
@_keepers
def opened(paper_id: int) -> ResponseReturnValue:
    """The file itself, withdrawn or not; each opening is in the access log."""
    paper = permitted(Paper, paper_id)
    looked(paper)
    return paper_files.sent(paper)


@blueprint.route("/papers/<int:paper_id>/withdraw", methods=["GET", "POST"])
@_keepers
def withdraw(paper_id: int) -> ResponseReturnValue:
    """Show it to no agency any more, and say why."""
    discussion_id, form = permitted(Paper, paper_id).discussion_id, WithdrawPaperForm()

    def do(act: Act) -> str:
        papers.withdraw(permitted(Paper, paper_id, lock=True), form.reason.data or "", act)
        return url_for("papers.listed", discussion_id=discussion_id)

    return submitted(form, do) or render_template("papers/withdraw.html", form=form, paper=permitted(Paper, paper_id))


def _page(discussion_id: int, form: Form) -> str:
    found = attached.attached(discussion_id)
    return render_template(
        "papers/listed.html",
        discussion=permitted(Discussion, discussion_id),
        papers=found,
        openings=attached.openings(found),
        form=form,
    )
