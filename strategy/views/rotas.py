"""Pages that show rotas: all desks at a glance, one desk's week, who will answer. Nothing is changed here."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from strategy.access import me, moment, serving_desk, staff
from strategy.clock import in_london
from strategy.forms.form import in_reach
from strategy.forms.rotas import WhoAnswersForm
from strategy.queries import rota_weeks
from strategy.queries.directory import directory
from strategy.queries.rotas import answering
from strategy.vocabulary import StaffRole

blueprint = Blueprint("rotas", __name__, url_prefix="/rotas")


@blueprint.get("")
@staff()
def listed() -> ResponseReturnValue:
    """Every desk: who is on duty now, and its next gap."""
    return render_template(
        "rotas/listed.html", lines=rota_weeks.overview(me().authority_id, moment()), gap_words=rota_weeks.gap_words
    )


@blueprint.get("/who")
@staff()
def who() -> ResponseReturnValue:
    """Who will answer at a desk at a moment."""
    form = WhoAnswersForm(request.args)
    form.offer(directory(me().authority_id).desks)
    asked = bool(form.desk.data) and form.validate()
    at = form.at.moment or moment()
    if not form.at.errors:
        form.at.process_data(at)
    found = answering(serving_desk(form.desk.data), at, me().authority_id) if asked else None
    return render_template("rotas/who.html", form=form, found=found, at=at)


@blueprint.get("/desks/<int:desk_id>")
@staff()
def desk(desk_id: int) -> ResponseReturnValue:
    """One desk's week, its shifts, what is different, and what was imported."""
    shown, now = serving_desk(desk_id), moment()
    monday = _monday()
    return render_template(
        "rotas/desk.html",
        desk=shown,
        days=rota_weeks.week(shown, monday),
        earlier=monday - timedelta(days=7),
        later=monday + timedelta(days=7),
        is_this_week=monday == rota_weeks.monday_of(now),
        has_rota=rota_weeks.has_rota(shown),
        shifts=rota_weeks.shifts_of(shown, in_london(now).date()),
        overrides=rota_weeks.overrides_of(shown, now),
        imports=rota_weeks.imports_of(shown),
        words=rota_weeks,
        edits=shown.agency.authority_id == me().authority_id and me().holds(StaffRole.ADMINISTRATOR),
    )


def _monday() -> date:
    """The week asked for; this one where nothing sensible was asked."""
    try:
        asked = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        return rota_weeks.monday_of(moment())
    return asked - timedelta(days=asked.weekday()) if in_reach(asked) else rota_weeks.monday_of(moment())
