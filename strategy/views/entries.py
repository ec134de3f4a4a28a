"""Pages a desk or a person opens by the link of their own entry, without an account: is it right, and am I away.

The token is the authority, and opens nothing but this entry. A GET changes nothing but the access log.
"""

from collections.abc import Callable

from flask import Blueprint, abort, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from notifications.addresses import display_phone
from strategy.access import by_entry_token, looked, moment, public
from strategy.act import Act, Refused
from strategy.commands import away as aways
from strategy.commands import verification
from strategy.forms.entries import DetailsForm, LeftForm, LinkedAwayForm, LinkedButton
from strategy.forms.form import Form
from strategy.limits import ANSWER_LIMIT, LINK_LIMIT, limiter
from strategy.models import Desk, Person
from strategy.queries import covering, verifications
from strategy.views.linked import which_link, whose_knock
from strategy.views.submitting import submitted
from strategy.vocabulary import Via

blueprint = Blueprint("entries", __name__, url_prefix="/d")

_changing = limiter.limit(ANSWER_LIMIT, methods=["POST"], key_func=which_link)


@blueprint.route("/<token>", methods=["GET", "POST"], strict_slashes=False)
@public
@limiter.limit(LINK_LIMIT, key_func=whose_knock)
@_changing
def shown(token: str) -> ResponseReturnValue:
    """The entry as it stands: yes, it is right; it has changed; no longer here; away."""
    return _page(token, "shown", LinkedButton(), verification.confirm)


@blueprint.route("/<token>/changed", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=whose_knock)
@_changing
def changed(token: str) -> ResponseReturnValue:
    """Something is different: what it should say."""
    entry = _entry(token)
    form = DetailsForm.of(entry)
    return _page(token, "changed", form, lambda found, act: verification.change(found, form.details(), act))


@blueprint.route("/<token>/left", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=whose_knock)
@_changing
def left(token: str) -> ResponseReturnValue:
    """No longer there, and who is instead."""
    form = LeftForm()
    return _page(token, "left", form, lambda entry, act: verification.leave(entry, form.details(), act))


@blueprint.route("/<token>/away", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT, key_func=whose_knock)
@_changing
def away(token: str) -> ResponseReturnValue:
    """Away until then, and who covers."""
    form = LinkedAwayForm.of(_person(_entry(token)), moment())
    return _page(token, "away", form, lambda entry, act: aways.go(_person(entry), form.entry(), act))


@blueprint.post("/<token>/back/<int:away_id>")
@public
@limiter.limit(LINK_LIMIT, key_func=whose_knock)
@_changing
def back(token: str, away_id: int) -> ResponseReturnValue:
    """There after all."""

    def deed(entry: Desk | Person, act: Act) -> None:
        mine = next((one for one in _person(entry).aways if one.id == away_id), None)
        if mine is None:
            raise Refused("That time away is not yours")
        aways.back(mine, act)

    return _page(token, "shown", LinkedButton(), deed)


def _page(token: str, name: str, form: Form, deed: Callable[[Desk | Person, Act], object]) -> ResponseReturnValue:
    entry = _entry(token)
    looked(entry, who="link")

    def do(act: Act) -> str:
        deed(_again(token), act)
        return "done"  # the address holds the live token, and what a submission leads to is kept in the database

    done = submitted(form, do, by=entry.name, via=Via.LINK)
    if done is not None:
        done.location = url_for("entries.shown", token=token)
        return done
    return _rendered(token, name, form)


def _rendered(token: str, name: str, form: Form) -> str:
    """The page as the database has it now."""
    entry = _entry(token)
    person = entry if isinstance(entry, Person) else None
    ahead = [one for one in person.aways if one.taken_back_at is None and one.ends_at > moment()] if person else []
    authority = entry.agency.authority
    return render_template(
        f"entries/{name}.html",
        form=form,
        entry=entry,
        person=person,
        aways=ahead,
        said=verifications.last_said(entry),
        stand_in=covering.stand_in(person, moment()) if person else None,
        authority_name=authority.name,
        authority=authority,
        ring=display_phone(authority.phone),
        token=token,
    )


def _entry(token: str) -> Desk | Person:
    found = by_entry_token(token)
    if found is None:
        abort(make_response(render_template("partner/unknown.html"), 404))
    return found


def _again(token: str) -> Desk | Person:
    """The entry, fresh and locked, inside the writing transaction. Raises Refused when the link was replaced."""
    found = by_entry_token(token, lock=True)
    if found is None:
        raise Refused("This link was replaced by a newer one. Use the newest message you have")
    return found


def _person(entry: Desk | Person) -> Person:
    if not isinstance(entry, Person):
        abort(404)
    return entry
