"""Public pages on which any partner asks for a discussion, or to speak to a social worker. They reveal nothing.

The same answer comes whatever is typed: nobody learns here whether a child, a family or a contact is known.
"""

import re

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from notifications.addresses import display_phone
from strategy.access import public
from strategy.act import Act
from strategy.commands import partner_requests
from strategy.forms.asking import AskForm
from strategy.limits import ASK_LIMIT, LINK_LIMIT, limiter
from strategy.models import Authority
from strategy.queries import partner_requests as asking
from strategy.references import ALPHABET
from strategy.views.submitting import submitted
from strategy.vocabulary import Via

blueprint = Blueprint("ask", __name__, url_prefix="/ask")

_BY = "A partner, on the public page"
_REFERENCE = re.compile(f"[{ALPHABET}]{{4}}")


@blueprint.get("")
@public
@limiter.limit(LINK_LIMIT)
def choose() -> ResponseReturnValue:
    """Which council: straight on where there is one alone."""
    found = asking.authorities()
    if len(found) == 1:
        return redirect(url_for("ask.shown", code=found[0].code))
    return render_template("ask/choose.html", authorities=found)


@blueprint.route("/<code>", methods=["GET", "POST"])
@public
@limiter.limit(LINK_LIMIT)
@limiter.limit(ASK_LIMIT, methods=["POST"])
def shown(code: str) -> ResponseReturnValue:
    """What is asked for, by whom, how soon."""
    form = AskForm()

    def do(act: Act) -> str:
        found = partner_requests.ask(form.asked(), _authority(code), act)
        return url_for("ask.sent", code=code, reference=found.reference)

    return submitted(form, do, by=_BY, via=Via.LINK) or _rendered("ask/ask.html", code, form=form)


@blueprint.get("/<code>/<reference>")
@public
@limiter.limit(LINK_LIMIT)
def sent(code: str, reference: str) -> ResponseReturnValue:
    """It is with us: the reference, and whom to ring. Any reference gets the same page: it looks nothing up."""
    if not _REFERENCE.fullmatch(reference):
        abort(404)
    return _rendered("ask/sent.html", code, reference=reference)


def _rendered(template: str, code: str, **more: object) -> str:
    authority = _authority(code)
    return render_template(
        template,
        authority=authority,
        authority_name=authority.name,
        ring=display_phone(authority.phone),
        **{"form": None, **more},
    )


def _authority(code: str) -> Authority:
    found = asking.authority(code)
    if found is None:
        abort(404)
    return found
