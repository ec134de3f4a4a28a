"""Pages of a school's term dates and its holiday cover."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import me, moment, permitted
from strategy.act import Act, Refused
from strategy.commands import directory_terms
from strategy.forms.directory import CoverForm, TermForm
from strategy.models import Agency, Desk, Person, Term
from strategy.queries import meanwhile, schools
from strategy.queries.directory import Directory
from strategy.queries.directory import directory as known
from strategy.views.directory import keeping, pressed
from strategy.views.submitting import submitted

blueprint = Blueprint("directory_schools", __name__, url_prefix="/directory")


@blueprint.route("/<int:agency_id>/terms", methods=["GET", "POST"])
@keeping
def terms(agency_id: int) -> ResponseReturnValue:
    """A term more."""
    permitted(Agency, agency_id)
    form = TermForm()

    def do(act: Act) -> str:
        directory_terms.add(permitted(Agency, agency_id, lock=True), form.entry(), act)
        return url_for("directory_schools.terms", agency_id=agency_id)

    done = submitted(form, do, said=lambda: "The term is added.")
    known_terms = schools.terms_of([agency_id]).get(agency_id, ())
    agency = permitted(Agency, agency_id)
    return done or render_template("directory/terms.html", form=form, agency=agency, terms=known_terms)


@blueprint.post("/terms/<int:term_id>/remove")
@keeping
def remove(term_id: int) -> ResponseReturnValue:
    """A term was entered wrongly."""
    agency_id = permitted(Term, term_id).agency_id
    return pressed(agency_id, lambda act: directory_terms.remove(permitted(Term, term_id), act))


@blueprint.route("/<int:agency_id>/cover", methods=["GET", "POST"])
@keeping
def cover(agency_id: int) -> ResponseReturnValue:
    """Who answers out of term."""
    permitted(Agency, agency_id)
    everybody = known(me().authority_id)
    form = CoverForm.of(everybody, _chosen(agency_id)).opened({"cover": _chosen(agency_id)}, moment())

    def do(act: Act) -> str:
        agency = permitted(Agency, agency_id, lock=True)
        form.still({"cover": _chosen(agency_id)}, meanwhile.told(agency, form.since), act.at)
        answering = _answering(known(agency.authority_id), form.cover.data or "")
        directory_terms.cover(agency, answering, act)
        return url_for("directory.shown", agency_id=agency_id)

    done = submitted(form, do, said=lambda: "The holiday cover is changed.")
    return done or render_template("directory/cover.html", form=form, agency=permitted(Agency, agency_id))


def _chosen(agency_id: int) -> str:
    """The value of who answers now."""
    found = schools.cover_of(agency_id)
    if found is None:
        return ""
    return f"desk:{found.desk_id}" if found.desk_id else f"person:{found.person_id}"


def _answering(everybody: Directory, value: str) -> Desk | Person | None:
    """The desk or person a form sent. Raises Refused for one who is not in the directory."""
    if not value:
        return None
    desks = (desk for desk in everybody.desks if f"desk:{desk.id}" == value)
    found: Desk | Person | None = next(desks, None)
    found = found or next((person for person in everybody.people if f"person:{person.id}" == value), None)
    if found is None:
        raise Refused("Choose a desk or a person from the list", "cover")
    return found
