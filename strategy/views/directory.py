"""Pages of the directory's agencies: found, seen by any staff, kept by the administrators of the keeping authority."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, me, moment, permitted, serving, staff
from strategy.act import Act
from strategy.commands import directory
from strategy.forms.directory import AgencyForm, SearchForm
from strategy.forms.form import ButtonForm, Form
from strategy.models import Agency
from strategy.policy import calendar_of, parsed
from strategy.queries import agencies, meanwhile, policies, repairs, schools, verifications
from strategy.queries.agencies import Search
from strategy.rules.policy import Policy
from strategy.views.submitting import submitted
from strategy.vocabulary import Gap, Sector, StaffRole

blueprint = Blueprint("directory", __name__, url_prefix="/directory")

keeping = staff(StaffRole.ADMINISTRATOR)
_MOST = 50  # lines of the list on one page; a search narrows it


@blueprint.get("")
@staff()
def listed() -> ResponseReturnValue:
    """Every agency that serves us, searched."""
    form = SearchForm(request.args)
    search = _search(form)
    policy = parsed(policies.in_force(me().authority_id, moment()).text)
    lines = agencies.listed(me().authority_id, search, policy, moment())
    return render_template(
        "directory/listed.html",
        form=form,
        search=search,
        lines=lines[:_MOST],
        total=len(lines),
        keeps=keeps(),
        waiting=len(verifications.waiting(me().authority_id)) if keeps() else 0,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@keeping
def new() -> ResponseReturnValue:
    """An agency more."""
    form = AgencyForm.of(agencies.other_authorities(me().authority_id))

    def do(act: Act) -> str:
        added = directory.add(form.entry(), acting(act).authority, act)
        return url_for("directory.shown", agency_id=added.id)

    return submitted(form, do) or render_template("directory/agency.html", form=form, agency=None)


@blueprint.get("/<int:agency_id>")
@staff()
def shown(agency_id: int) -> ResponseReturnValue:
    """One agency: desks, people, ladder, terms, and what was changed."""
    return page(agency_id, ButtonForm(formdata=None))


@blueprint.route("/<int:agency_id>/edit", methods=["GET", "POST"])
@keeping
def edit(agency_id: int) -> ResponseReturnValue:
    """Name, sector, authorities served."""
    kept = permitted(Agency, agency_id)
    form = AgencyForm.of(agencies.other_authorities(kept.authority_id), kept).opened(AgencyForm.kept(kept), moment())

    def do(act: Act) -> str:
        agency = permitted(Agency, agency_id, lock=True)
        form.still(AgencyForm.kept(agency), meanwhile.told(agency, form.since), act.at)
        directory.edit(agency, form.entry(), act)
        return url_for("directory.shown", agency_id=agency_id)

    done = submitted(form, do, said=lambda: "The agency is changed.")
    return done or render_template("directory/agency.html", form=form, agency=permitted(Agency, agency_id))


@blueprint.post("/<int:agency_id>/retire")
@keeping
def retire(agency_id: int) -> ResponseReturnValue:
    """Out of use."""
    return pressed(agency_id, lambda act: directory.retire(permitted(Agency, agency_id, lock=True), act))


@blueprint.post("/<int:agency_id>/reactivate")
@keeping
def reactivate(agency_id: int) -> ResponseReturnValue:
    """Undo: back into use."""
    return pressed(agency_id, lambda act: directory.reactivate(permitted(Agency, agency_id, lock=True), act))


@blueprint.post("/<int:agency_id>/leave")
@keeping
def leave(agency_id: int) -> ResponseReturnValue:
    """Use an entry another authority keeps no longer."""
    form = ButtonForm()

    def do(act: Act) -> str:
        directory.leave(serving(agency_id), acting(act).authority, act)
        return url_for("directory.listed")

    return submitted(form, do, said=lambda: "You no longer use that entry.") or page(agency_id, form)


@blueprint.get("/repairs")
@keeping
def to_repair() -> ResponseReturnValue:
    """Entries nothing arrives at, that want no texts, or that never answer."""
    return render_template("directory/repairs.html", found=repairs.repairs(me().authority_id, moment()))


def keeps(agency: Agency | None = None) -> bool:
    """Whether the signed-in person may edit the directory, or that agency's entry."""
    ours = agency is None or agency.authority_id == me().authority_id
    return ours and me().holds(StaffRole.ADMINISTRATOR)


def policy_now() -> Policy:
    """The policy the signed-in person's authority works under."""
    return parsed(policies.in_force(me().authority_id, moment()).text)


def pressed(agency_id: int, deed: Callable[[Act], None]) -> ResponseReturnValue:
    """A button of an agency's page: done, and back to the page; refused, and the page says why."""
    form = ButtonForm()

    def do(act: Act) -> str:
        deed(act)
        return url_for("directory.shown", agency_id=agency_id)

    return submitted(form, do, said=lambda: "Done. It can be taken back on this page.") or page(agency_id, form)


def page(agency_id: int, form: Form) -> str:
    """The agency's page."""
    agency = agencies.whole(serving(agency_id).id)
    known, text = schools.schools([agency.id]), policies.in_force(me().authority_id, moment()).text
    return render_template(
        "directory/shown.html",
        form=form,
        agency=agency,
        gaps=agencies.gaps_of(agency, known, parsed(text), moment()),
        ladders=agencies.ladders(agency, parsed(text)),
        roles=parsed(text).roles,
        calendar=calendar_of(text),
        is_school=agencies.is_school(agency),
        terms=known.terms.get(agency.id, ()),
        cover=schools.cover_of(agency.id),
        in_term=known.in_term(agency.id, moment().date()),
        events=agencies.events_of(agency),
        keeps=keeps(agency),
        may_leave=keeps() and not keeps(agency),
        lookups=agencies,
    )


def _search(form: SearchForm) -> Search:
    """What was asked for; what is no choice of ours is not asked."""
    sector = next((one for one in Sector if one.value == form.sector.data), None)
    gap = next((one for one in Gap if one.value == form.gap.data), None)
    return Search((form.words.data or "")[:120], sector, gap, bool(form.retired.data))
