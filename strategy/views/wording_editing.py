"""Pages on which an administrator words a message: draft, preview and use, compare, go back. They send nothing."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from strategy.access import acting, me, moment
from strategy.act import Act
from strategy.commands import wordings as deeds
from strategy.forms.form import ButtonForm
from strategy.forms.wording import BackForm, UseForm, WordingForm, kept
from strategy.models import Authority
from strategy.own_words import ours
from strategy.queries import samples, wordings
from strategy.queries.meanwhile import Told
from strategy.rules.policy_changes import differing_lines
from strategy.rules.wording import Part, Wording
from strategy.rules.wording_standards import STANDARDS
from strategy.views.submitting import submitted
from strategy.views.wording import as_mail, wording

blueprint = Blueprint("wording_editing", __name__, url_prefix="/words/<name>")


@blueprint.route("/draft", methods=["GET", "POST"])
@wording
def draft(name: str) -> ResponseReturnValue:
    """The words as boxes: kept as a draft once they pass the checks."""
    form = WordingForm.of(me().authority, _known(name), _standing(me().authority, name), moment())

    def do(act: Act) -> str:
        authority = acting(act).authority
        deeds.one_at_a_time(authority)
        form.still(kept(_standing(authority, name)), _by(authority, name), act.at)
        deeds.save_draft(authority, name, form.wording(), act)
        return url_for("wording_editing.use", name=name)

    done = submitted(form, do)
    return done or render_template("wording/draft.html", form=form, name=name, standard=STANDARDS[name], **_about(name))


@blueprint.route("/use", methods=["GET", "POST"])
@wording
def use(name: str) -> ResponseReturnValue:
    """The draft in every case there may be, against what is in use; then use it."""
    form = UseForm()

    def do(act: Act) -> str:
        deeds.use(acting(act).authority, _known(name), form.looked.data or "", form.reason.data or "", act)
        return url_for("wording.shown", name=name)

    done = submitted(form, do, said=lambda: "In use from the next message on. What is queued keeps its words.")
    return done or _preview(name, form)


@blueprint.get("/draft/mail.html")
@wording
def mail(name: str) -> ResponseReturnValue:
    """The draft's mail as a mail program shows it: for a frame without scripts."""
    written = _draft(name)
    if written is None:
        abort(404)
    return as_mail(samples.cases(me().authority, name, written)[0].words)


@blueprint.post("/discard")
@wording
def discard(name: str) -> ResponseReturnValue:
    """Forget the draft."""

    def do(act: Act) -> str:
        deeds.discard(acting(act).authority, _known(name))
        return url_for("wording.shown", name=name)

    return submitted(ButtonForm(), do) or redirect(url_for("wording.shown", name=name), code=303)


@blueprint.get("/compare")
@wording
def compared(name: str) -> ResponseReturnValue:
    """Two versions of the words, line by line; version 0 is ours."""
    found = wordings.versions(me().authority_id, _known(name))
    newest = found[0].number if found else 0
    numbers = [_asked("from", max(newest - 1, 0)), _asked("to", newest)]
    old, new = (_numbered(name, number) for number in numbers)
    lines = list(differing_lines(_whole(old), _whole(new)))
    about = {"versions": found, "old": numbers[0], "new": numbers[1], "lines": lines}
    return render_template("wording/compared.html", name=name, **about, **_about(name))


@blueprint.route("/back/<int:number>", methods=["GET", "POST"])
@wording
def back(name: str, number: int) -> ResponseReturnValue:
    """Use an earlier version again; 0 is our own words."""
    wanted, newest = _numbered(name, number), _newest(me().authority, name)
    form = BackForm(newest=newest)

    def do(act: Act) -> str:
        deeds.go_back(acting(act).authority, name, number, form.newest.data or 0, form.reason.data or "", act)
        return url_for("wording.shown", name=name)

    done = submitted(form, do, said=lambda: "In use from the next message on. What is queued keeps its words.")
    lines = list(differing_lines(_whole(_numbered(name, newest)), _whole(wanted)))
    about = {"number": number, "wanted": wanted, "lines": lines, "form": form}
    return done or render_template("wording/back.html", name=name, **about, **_about(name))


def _preview(name: str, form: UseForm) -> ResponseReturnValue:
    written = _draft(name)
    if written is None:
        return redirect(url_for("wording.shown", name=name), code=303)
    authority = me().authority
    if wordings.amiss(authority, name, written):  # saved under other names of the council, or before an upgrade
        return redirect(url_for("wording_editing.draft", name=name), code=303)
    return render_template(
        "wording/use.html",
        name=name,
        form=form.look_at(written),
        cases=samples.cases(authority, name, written),
        most=wordings.most(authority, name, written),
        lines=list(differing_lines(_whole(_numbered(name, _newest(authority, name))), _whole(written))),
        **_about(name),
    )


def _about(name: str) -> dict[str, object]:
    """What every page of a message shows of it."""
    return {"when_sent": samples.EVERY[name], "draft": wordings.draft_of(me().authority_id, name), "parts": Part}


def _known(name: str) -> str:
    if name not in STANDARDS:
        abort(404)
    return name


def _draft(name: str) -> Wording | None:
    found = wordings.draft_of(me().authority_id, _known(name))
    return None if found is None else wordings.wording_of(found)


def _standing(authority: Authority, name: str) -> Wording:
    """What the boxes begin with: the draft, else the words in use, else ours."""
    found = wordings.draft_of(authority.id, name) or wordings.newest(authority.id, name)
    return (None if found is None else wordings.wording_of(found)) or ours(name)


def _by(authority: Authority, name: str) -> list[Told]:
    """Whoever wrote what stands there now."""
    written = wordings.draft_of(authority.id, name)
    if written is not None:
        return [Told(written.author, "saved a draft of these words", written.changed_at)]
    used = wordings.newest(authority.id, name)
    return [] if used is None else [Told(used.author, f"used version {used.number}", used.created_at)]


def _newest(authority: Authority, name: str) -> int:
    found = wordings.newest(authority.id, name)
    return 0 if found is None else found.number


def _numbered(name: str, number: int) -> Wording:
    found = wordings.numbered(me().authority_id, _known(name), number)
    if found is None:
        abort(404)
    return found


def _asked(which: str, usual: int) -> int:
    asked = request.args.get(which, "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 6):
        abort(404)
    return int(asked) if asked else usual


def _whole(one: Wording) -> str:
    return f"Subject: {one.subject}\n\nMail:\n{one.mail}\n\nText message:\n{one.text}"
