"""Pages that show policies: the versions, one to read, two compared, one as a file. Writing is policy_draft's."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import secure_filename

from strategy import holidays
from strategy.access import me, moment, permitted, staff
from strategy.act import Act
from strategy.commands import policies as deeds
from strategy.forms.policy import EmptyForm
from strategy.models import PolicyVersion
from strategy.policy import parsed
from strategy.queries import policies
from strategy.rules.policy import Policy
from strategy.rules.policy_changes import changes, differing_lines
from strategy.rules.policy_words import facts, follow_on_words, need_words, rung_words
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("policy", __name__, url_prefix="/policy")

_reading = staff(StaffRole.ADMINISTRATOR, StaffRole.LEADER)
writing = staff(StaffRole.ADMINISTRATOR)


@blueprint.get("")
@_reading
def listed() -> ResponseReturnValue:
    """Every version, and what runs under each."""
    user, found = me(), policies.versions(me().authority_id)
    return render_template(
        "policy/listed.html",
        versions=found,
        now_in_force=policies.in_force(user.authority_id, moment()).number,
        clocks=policies.clocks_under(user.authority_id),
        draft=policies.draft_of(user.id),
        form=EmptyForm(formdata=None),
        writes=user.holds(StaffRole.ADMINISTRATOR),
    )


@blueprint.get("/<int:version_id>")
@_reading
def shown(version_id: int) -> ResponseReturnValue:
    """One version as a page to read."""
    return _page(permitted(PolicyVersion, version_id), EmptyForm(formdata=None))


@blueprint.get("/<int:version_id>.toml")
@_reading
def exported(version_id: int) -> ResponseReturnValue:
    """One version as the file it is."""
    version = permitted(PolicyVersion, version_id)
    name = secure_filename(f"{me().authority.code}-policy-{version.number}.toml")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(version.text, mimetype="application/toml", headers=headers)


@blueprint.get("/compare")
@_reading
def compared() -> ResponseReturnValue:
    """Two versions: what differs, in words and as text."""
    found = policies.versions(me().authority_id)
    old, new = (_chosen(found, name, place) for name, place in (("from", 1), ("to", 0)))
    differing = changes(parsed(old.text), parsed(new.text))
    lines = list(differing_lines(old.text, new.text))
    return render_template("policy/compared.html", versions=found, old=old, new=new, changes=differing, lines=lines)


@blueprint.post("/<int:version_id>/withdraw")
@writing
def withdraw(version_id: int) -> ResponseReturnValue:
    """Take back a version that is still to come."""
    form, number = EmptyForm(), permitted(PolicyVersion, version_id).number

    def do(act: Act) -> str:
        deeds.withdraw(permitted(PolicyVersion, version_id, lock=True), act)
        return url_for("policy.listed")

    return submitted(form, do, said=lambda: f"Version {number} is withdrawn: it never takes effect.") or _page(
        permitted(PolicyVersion, version_id), form
    )


def _chosen(found: Any, name: str, place: int) -> PolicyVersion:
    """The version an address asks for; the newest and the one before it where it asks for none. Aborts with 404."""
    asked = request.args.get(name, "")
    usual = found[min(place, len(found) - 1)].id
    if asked and not (asked.isascii() and asked.isdigit()):
        abort(404)
    return permitted(PolicyVersion, int(asked) if asked else usual)


def _page(version: PolicyVersion, form: EmptyForm) -> str:
    policy, before = parsed(version.text), policies.before(version)
    return render_template(
        "policy/shown.html",
        version=version,
        before=before,
        draft=policies.draft_of(me().id),
        state=state_of(version, policies.in_force(version.authority_id, moment()), moment()),
        form=form,
        writes=me().holds(StaffRole.ADMINISTRATOR),
        **readable(policy),
    )


def readable(policy: Policy) -> dict[str, Any]:
    """A policy as a page says it."""
    return {
        "policy": policy,
        "facts": facts(policy),
        "need_words": need_words,
        "follow_on_words": follow_on_words,
        "rung_words": rung_words,
        "holidays_known": holidays.horizon(policy.nation),
        "holidays_short": holidays.runs_out(policy.nation, moment().date()),
    }


def state_of(version: PolicyVersion, in_force: PolicyVersion, now: datetime) -> tuple[str, str]:
    """Where a version stands, as a word and its colour."""
    if version.withdrawn_at is not None:
        return "Withdrawn", "grey"
    if version.effective_from > now:
        return "To come", "blue"
    return ("In force", "green") if version.number == in_force.number else ("Past", "grey")
