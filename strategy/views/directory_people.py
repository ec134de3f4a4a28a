"""Pages of one person of the directory: added, edited, taken out of use and back, and when they are away."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import moment, permitted
from strategy.act import Act
from strategy.commands import away as aways
from strategy.commands import directory_people
from strategy.forms.directory import PersonForm
from strategy.forms.entries import AwayForm
from strategy.models import Agency, Away, Person
from strategy.queries import agencies, meanwhile
from strategy.views.directory import keeping, policy_now, pressed
from strategy.views.submitting import submitted

blueprint = Blueprint("directory_people", __name__, url_prefix="/directory")


@blueprint.route("/<int:agency_id>/people/new", methods=["GET", "POST"])
@keeping
def new(agency_id: int) -> ResponseReturnValue:
    """Somebody more."""
    agency = permitted(Agency, agency_id)
    form = PersonForm.of(agency, _titles(agency))

    def do(act: Act) -> str:
        directory_people.add(permitted(Agency, agency_id, lock=True), form.entry(), act)
        return url_for("directory.shown", agency_id=agency_id)

    done = submitted(form, do, said=lambda: "The person is added.")
    return done or render_template("directory/person.html", form=form, agency=permitted(Agency, agency_id), person=None)


@blueprint.route("/people/<int:person_id>", methods=["GET", "POST"])
@keeping
def edit(person_id: int) -> ResponseReturnValue:
    """Everything about them."""
    kept = permitted(Person, person_id)
    form = PersonForm.of(kept.agency, _titles(kept.agency), kept).opened(PersonForm.kept(kept), moment())

    def do(act: Act) -> str:
        person = permitted(Person, person_id, lock=True)
        form.still(PersonForm.kept(person), meanwhile.told(person, form.since), act.at)
        directory_people.edit(person, form.entry(), act)
        return url_for("directory.shown", agency_id=person.agency_id)

    done = submitted(form, do, said=lambda: "The person is changed.")
    kept = permitted(Person, person_id)
    return done or render_template("directory/person.html", form=form, agency=kept.agency, person=kept)


@blueprint.post("/people/<int:person_id>/retire")
@keeping
def retire(person_id: int) -> ResponseReturnValue:
    """Out of use."""
    agency_id = permitted(Person, person_id).agency_id
    return pressed(agency_id, lambda act: directory_people.retire(permitted(Person, person_id, lock=True), act))


@blueprint.post("/people/<int:person_id>/reactivate")
@keeping
def reactivate(person_id: int) -> ResponseReturnValue:
    """Undo: back into use."""
    agency_id = permitted(Person, person_id).agency_id
    return pressed(agency_id, lambda act: directory_people.reactivate(permitted(Person, person_id, lock=True), act))


@blueprint.route("/people/<int:person_id>/away", methods=["GET", "POST"])
@keeping
def away(person_id: int) -> ResponseReturnValue:
    """They are away, as they told us, and who covers."""
    form = AwayForm.of(permitted(Person, person_id), moment())

    def do(act: Act) -> str:
        person = permitted(Person, person_id, lock=True)
        aways.go(person, form.entry(), act)
        return url_for("directory.shown", agency_id=person.agency_id)

    done = submitted(form, do, said=lambda: "Recorded. It can be taken back on this page.")
    kept = permitted(Person, person_id)
    return done or render_template("directory/away.html", form=form, agency=kept.agency, person=kept)


@blueprint.post("/away/<int:away_id>/back")
@keeping
def back(away_id: int) -> ResponseReturnValue:
    """They are there after all."""
    agency_id = permitted(Away, away_id).person.agency_id
    return pressed(agency_id, lambda act: aways.back(permitted(Away, away_id, lock=True), act))


def _titles(agency: Agency) -> list[tuple[int, str]]:
    """The rungs of the agency's first ladder, by their titles."""
    return [(rung.number, rung.title) for ladder in agencies.ladders(agency, policy_now())[:1] for rung in ladder]
