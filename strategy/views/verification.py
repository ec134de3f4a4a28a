"""Pages of verification rounds: started, followed, asked again, and what was said accepted or declined."""

from collections.abc import Callable

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, me, moment, permitted
from strategy.act import Act
from strategy.commands import verification
from strategy.forms.form import ButtonForm, Form
from strategy.forms.rounds import RoundForm
from strategy.models import Agency, Verification, VerificationRound
from strategy.policy import parsed
from strategy.queries import agencies, policies, verifications
from strategy.queries.agencies import Search
from strategy.views.directory import keeping
from strategy.views.submitting import submitted

blueprint = Blueprint("verification", __name__, url_prefix="/directory/rounds")


@blueprint.route("", methods=["GET", "POST"])
@keeping
def listed() -> ResponseReturnValue:
    """What waits to be decided, the rounds so far, and a new one."""
    form = RoundForm.of(_kept())

    def do(act: Act) -> str:
        agency = permitted(Agency, form.agency_id.data) if form.agency_id.data else None
        started = verification.start(acting(act).authority, act, agency=agency, months=form.months.data or None)
        return url_for("verification.shown", round_id=started.id)

    return submitted(form, do) or _listed(form)


@blueprint.get("/<int:round_id>")
@keeping
def shown(round_id: int) -> ResponseReturnValue:
    """Who has answered."""
    return _shown(round_id, ButtonForm(formdata=None))


@blueprint.post("/<int:round_id>/again")
@keeping
def again(round_id: int) -> ResponseReturnValue:
    """Ask those once more who have not answered."""
    form = ButtonForm()

    def do(act: Act) -> str:
        verification.remind(permitted(VerificationRound, round_id, lock=True), act)
        return url_for("verification.shown", round_id=round_id)

    done = submitted(form, do, said=lambda: "Those who have not answered are asked again, once a day at most.")
    return done or _shown(round_id, form)


@blueprint.post("/said/<int:verification_id>/accept")
@keeping
def accept(verification_id: int) -> ResponseReturnValue:
    """Take it over."""
    return _decided(verification_id, verification.accept, "Taken over into the directory.")


@blueprint.post("/said/<int:verification_id>/decline")
@keeping
def decline(verification_id: int) -> ResponseReturnValue:
    """Leave the entry as it is."""
    return _decided(verification_id, verification.decline, "The entry is left as it is.")


def _decided(verification_id: int, decide: Callable[[Verification, Act], None], said: str) -> ResponseReturnValue:
    permitted(Verification, verification_id)
    form = ButtonForm()

    def do(act: Act) -> str:
        decide(permitted(Verification, verification_id, lock=True), act)
        return url_for("verification.listed")

    return submitted(form, do, said=lambda: said) or _listed(form)


def _kept() -> list[Agency]:
    policy = parsed(policies.in_force(me().authority_id, moment()).text)
    lines = agencies.listed(me().authority_id, Search(), policy, moment())
    return [line.agency for line in lines if line.agency.authority_id == me().authority_id]


def _listed(form: Form) -> str:
    rounds, waiting = verifications.rounds(me().authority_id), verifications.waiting(me().authority_id)
    start = form if isinstance(form, RoundForm) else RoundForm.of(_kept())
    return render_template("directory/rounds.html", form=form, start=start, rounds=rounds, waiting=waiting)


def _shown(round_id: int, form: Form) -> str:
    found = permitted(VerificationRound, round_id)
    return render_template("directory/round.html", form=form, round=found, rows=verifications.progress(found))
