"""The page on which staff write down who a child is, for partners to search their own systems."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from strategy.access import looked, moment, permitted
from strategy.act import Act
from strategy.commands import children
from strategy.forms.children import IdentityForm
from strategy.models import Child
from strategy.queries import meanwhile
from strategy.views.contacts import working
from strategy.views.submitting import submitted

blueprint = Blueprint("children", __name__, url_prefix="/children")


@blueprint.route("/<int:child_id>", methods=["GET", "POST"])
@working
def identify(child_id: int) -> ResponseReturnValue:
    """Who the child is; refused when somebody else has changed it since the page was opened."""
    child = permitted(Child, child_id)
    looked(child)
    form = IdentityForm(data=IdentityForm.kept(child)).opened(IdentityForm.kept(child), moment())

    def do(act: Act) -> str:
        locked = permitted(Child, child_id, lock=True)
        form.still(form.kept(locked), meanwhile.told(locked.contact, form.since), act.at)
        children.identify(locked, form.identity(), act)
        return url_for("contacts.shown", contact_id=locked.contact_id)

    return submitted(form, do) or render_template("contacts/child.html", form=form, contact=child.contact)
