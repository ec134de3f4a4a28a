"""Leaders' pages: who is missing and what is late, now and over time; every number leads to its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from strategy import restrictions
from strategy.access import me, moment, staff
from strategy.clock import in_london
from strategy.forms.leaders import Period, PeriodForm
from strategy.queries import follow_ups, gaps, outcomes, partner_requests, waiting, watch
from strategy.queries.outcomes import HeldLine
from strategy.rules.held import held as _held
from strategy.rules.measures import AttendanceLine, Figure, by_agency, by_sector
from strategy.rules.timeliness import Timeliness, timeliness
from strategy.rules.timeliness import delays as late_by_reason
from strategy.vocabulary import StaffRole

blueprint = Blueprint("leaders", __name__, url_prefix="/leaders")

_leaders = staff(StaffRole.LEADER, StaffRole.CHAIR, StaffRole.ADMINISTRATOR)

# The columns of the attendance table, in its order; the names are AttendanceLine's.
FIGURES = {
    "required": "Required",
    "invited": "Invited",
    "delivered": "Told",
    "named_in_time": "Named in time",
    "attended": "Attended",
    "deputy": "Deputy",
    "report_only": "Report only",
    "apologies": "Apologies",
    "not_delivered": "Not reached",
    "no_notice": "No notice from us",
    "no_word": "No word",
    "not_invited": "Not invited",
    "not_recorded": "Not recorded",
    "short_notice": "Short notice",
}
TIMELINESS = {
    "due": "Fell due",
    "held_in_time": "Held by the target",
    "quorate_in_time": "Held quorate by the target",
    "held_late": "Held late",
    "by_calls": "Only a series of one-to-one calls",
    "not_held": "Not held",
}
_RARE = ("not_delivered", "no_notice", "not_recorded")
QUORUM = {
    "joint": "Held",
    "met": "Quorate",
    "exception": "Emergency exception",
    "not_met": "Not quorate",
    "by_calls": "Series of one-to-one calls, counted apart",
    "follow_up_open": "Follow-up owed and not held yet",
}
_NO_REASON = "none"  # held late, and nobody has said why yet
# What became of each seat, and its colour in the picture; the words stand beside it, in the legend and the table.
_PARTS = (
    ("attended", "#005a30"),
    ("deputy", "#28a197"),
    ("report_only", "#ffdd00"),
    ("apologies", "#f47738"),
    ("not_delivered", "#912b88"),
    ("no_notice", "#1d70b8"),
    ("no_word", "#d4351c"),
    ("not_invited", "#0b0c0c"),
    ("not_recorded", "#b1b4b6"),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar, in per cent of its length."""

    words: str
    count: int
    x: float
    width: float
    fill: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asked for."""

    form: PeriodForm
    period: Period

    @property
    def args(self) -> dict[str, str]:
        """The same, for links to the lists behind the numbers."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        return {"from": first, "to": last, "by": self.form.by.data or "agency"}


@blueprint.get("")
@_leaders
def now() -> ResponseReturnValue:
    """What must be seen now."""
    user = me()
    return render_template(
        "leaders/now.html",
        picture=watch.picture(user.authority_id, moment()),
        owed=follow_ups.owed(user.authority_id, counted=True),
        hidden=restrictions.hidden(user.id),
        unaccepted=waiting.waits(user.authority_id).unaccepted,
        requests=partner_requests.unanswered(user.authority_id),
        reads_records=user.holds(StaffRole.LEADER, StaffRole.CHAIR, StaffRole.SOCIAL_WORKER),
    )


@blueprint.get("/over-time")
@_leaders
def over_time() -> ResponseReturnValue:
    """Attendance and timeliness over a period."""
    asked = _asked()
    cohort, due_rows = gaps.attendance(me().authority_id, asked.period.begins, asked.period.ends), _due(asked)
    return render_template(
        "leaders/over_time.html",
        asked=asked,
        form=asked.form,
        cohort=cohort,
        times=_timeliness(due_rows),
        timeliness=TIMELINESS,
        delays=_delays(due_rows),
        held=_held([line.row for line in _held_lines(asked)]),
        quorum=QUORUM,
        stood_down=gaps.stood_down(me().authority_id, asked.period.begins, asked.period.ends),
        hidden=restrictions.hidden(me().id),
        **_attendance(_lines(cohort, asked)),
    )


@blueprint.get("/over-time/attendance")
@_leaders
def attendance() -> ResponseReturnValue:
    """The list behind one number of the attendance table."""
    asked = _asked()
    name, figure = request.args.get("name", ""), request.args.get("figure", "")
    cohort = gaps.attendance(me().authority_id, asked.period.begins, asked.period.ends)
    line = next((line for line in _lines(cohort, asked) if line.name == name), None)
    if line is None or figure not in FIGURES:
        abort(404)
    counted: Figure = getattr(line, figure)
    return render_template(
        "leaders/attendance.html",
        asked=asked,
        name=name,
        words=FIGURES[figure],
        rows=gaps.behind(counted),
        hidden=restrictions.hidden(me().id),
    )


@blueprint.get("/over-time/timeliness")
@_leaders
def due() -> ResponseReturnValue:
    """The list behind one number of the timeliness table."""
    asked = _asked()
    figure = request.args.get("figure", "")
    if figure not in TIMELINESS:
        abort(404)
    rows = _due(asked)
    wanted = set(getattr(_timeliness(rows), figure))
    chosen = [row for row in rows if row.row.contact_id in wanted]
    return _timeliness_page(asked, TIMELINESS[figure], chosen)


@blueprint.get("/over-time/delays")
@_leaders
def delays() -> ResponseReturnValue:
    """The list behind one reason for our own delay."""
    asked = _asked()
    rows, code = _due(asked), request.args.get("reason", "")
    wanted = late_by_reason([row.row for row in rows]).get(None if code == _NO_REASON else code)
    if wanted is None:
        abort(404)
    chosen = [row for row in rows if row.row.contact_id in set(wanted)]
    return _timeliness_page(asked, f"Held late: {chosen[0].late_reason or 'no reason given yet'}", chosen)


@blueprint.get("/over-time/quorum")
@_leaders
def quorum() -> ResponseReturnValue:
    """The list behind one number of the quorum table."""
    asked = _asked()
    figure = request.args.get("figure", "")
    if figure not in QUORUM:
        abort(404)
    lines = _held_lines(asked)
    wanted = set(getattr(_held([line.row for line in lines]), figure))
    chosen = [line.discussion for line in lines if line.row.id in wanted]
    hidden = restrictions.hidden(me().id)
    return render_template("leaders/quorum.html", asked=asked, words=QUORUM[figure], rows=chosen, hidden=hidden)


def bar(line: AttendanceLine) -> list[Segment]:
    """What became of each required seat, side by side; parts nobody is in are left out."""
    whole, segments, x = max(line.required.count, 1), list[Segment](), 0.0
    for name, fill in _PARTS:
        count = getattr(line, name).count
        if count:
            width = 100 * count / whole
            segments.append(Segment(FIGURES[name], count, round(x, 3), round(width, 3), fill))
            x += width
    return segments


def notice(line: AttendanceLine) -> timedelta | None:
    """The median notice, of delivered invitations."""
    return None if line.median_notice is None else timedelta(minutes=line.median_notice)


def _asked() -> Asked:
    form = PeriodForm(request.args)
    form.today = in_london(moment()).date()
    form.validate()
    return Asked(form, form.period(moment()))


def _lines(cohort: gaps.Cohort, asked: Asked) -> tuple[AttendanceLine, ...]:
    if asked.form.by.data == "sector":
        return by_sector(cohort.discussions, cohort.invitations, cohort.roles)
    return by_agency(cohort.discussions, cohort.invitations)


def _attendance(lines: Sequence[AttendanceLine]) -> dict[str, object]:
    """The picture and the table under it."""
    columns = _columns(lines)
    return {
        "lines": lines,
        "bars": {line.name: bar(line) for line in lines},
        "notices": {line.name: notice(line) for line in lines},
        "columns": columns,
        "legend": [(columns[name], fill) for name, fill in _PARTS if name in columns],
    }


def _columns(lines: Sequence[AttendanceLine]) -> dict[str, str]:
    """The table's columns; what should not happen is one only where it did, for the table has to fit the page."""
    empty = {name for name in _RARE if not any(getattr(line, name).count for line in lines)}
    return {name: words for name, words in FIGURES.items() if name not in empty}


def _due(asked: Asked) -> list[gaps.Due]:
    """What fell due in the period and is not still to fall due."""
    return gaps.due(me().authority_id, asked.period.begins, min(asked.period.ends, moment()))


def _timeliness(rows: Sequence[gaps.Due]) -> Timeliness:
    return timeliness([row.row for row in rows])


def _timeliness_page(asked: Asked, words: str, rows: Sequence[gaps.Due]) -> str:
    hidden = restrictions.hidden(me().id)
    return render_template("leaders/timeliness.html", asked=asked, words=words, rows=rows, hidden=hidden)


def _delays(rows: Sequence[gaps.Due]) -> list[tuple[str, str, int]]:
    """Each reason for a delay: the policy's code, its words, how many."""
    words = {row.row.late_reason: row.late_reason for row in rows}
    counted = late_by_reason([row.row for row in rows])
    return [(code or _NO_REASON, words.get(code) or "No reason given yet", len(ids)) for code, ids in counted.items()]


def _held_lines(asked: Asked) -> Sequence[HeldLine]:
    return outcomes.held(me().authority_id, asked.period.begins, asked.period.ends)
