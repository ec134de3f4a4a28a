"""Pages of what messages say: every one on sample facts, and how they name the authority. They send nothing.

Wording a message is wording_editing's.
"""

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy import csp
from strategy.access import acting, me, moment, staff
from strategy.act import Act
from strategy.commands import authorities
from strategy.compose import Words
from strategy.forms.form import ButtonForm
from strategy.forms.wording import NamingForm
from strategy.queries import samples, wordings
from strategy.rules.wording_standards import STANDARDS, WHY_NOT
from strategy.views.submitting import submitted
from strategy.vocabulary import StaffRole

blueprint = Blueprint("wording", __name__, url_prefix="/words")

wording = staff(StaffRole.ADMINISTRATOR)


@blueprint.get("")
@wording
def listed() -> ResponseReturnValue:
    """Every message: when it goes out, its text, and what that costs."""
    ours = me().authority
    worded = {"used": wordings.in_use(ours.id), "drafts": wordings.drafts(ours.id), "standards": STANDARDS}
    return render_template("wording/listed.html", samples=samples.every(ours, moment()), authority=ours, **worded)


@blueprint.get("/<name>")
@wording
def shown(name: str) -> ResponseReturnValue:
    """One message whole: subject, mail and text; whose words they are, and which there were."""
    sample, authority_id = _sample(name), me().authority_id
    return render_template(
        "wording/shown.html",
        sample=sample,
        versions=wordings.versions(authority_id, name),
        draft=wordings.draft_of(authority_id, name),
        standard=STANDARDS.get(name),
        why_not=WHY_NOT.get(name),
        form=ButtonForm(formdata=None),
    )


@blueprint.get("/<name>/mail.html")
@wording
def mail(name: str) -> ResponseReturnValue:
    """The mail as a mail program shows it: for a frame without scripts."""
    return as_mail(_sample(name).words)


def as_mail(words: Words) -> Response:
    """A mail alone, for a frame of ours: it runs nothing and sends nothing."""
    response = Response(words.html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = csp.policy(
        frame_ancestors="'self'", style_src="'unsafe-inline'", script_src="'none'", form_action="'none'"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@blueprint.route("/names", methods=["GET", "POST"])
@wording
def names() -> ResponseReturnValue:
    """How messages name the council, and its own lines in mails."""
    ours = me().authority
    form = NamingForm(name=ours.name, short_name=ours.short_name, head=ours.mail_head, foot=ours.mail_foot)

    def do(act: Act) -> str:
        authorities.rename(acting(act).authority, form.naming(), act)
        return url_for("wording.listed")

    done = submitted(form, do, said=lambda: "Recorded. The next message says it so.")
    return done or render_template("wording/names.html", form=form)


def _sample(name: str) -> samples.Sample:
    if name not in samples.EVERY:
        abort(404)
    return samples.sample(me().authority, name, moment())
