"""Holds the box by which a convener asks a desk for a time another discussion has: seen by name, then ticked."""

from collections.abc import Sequence

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from wtforms import BooleanField, HiddenField

from strategy.forms.form import Form
from strategy.queries.clashes import Clash


class AlongsideForm(Form):
    """A form whose deed takes the time of desks. The box counts for the discussions it named, and for no other."""

    seen = HiddenField()
    alongside = BooleanField("Go ahead all the same: they are asked to both", widget=GovCheckboxInput())
    clashes: Sequence[Clash] = ()

    @property
    def accepted(self) -> frozenset[str]:
        """The references of the discussions beside which the convener goes ahead."""
        return frozenset((self.seen.data or "").split()) if self.alongside.data else frozenset()

    def name(self, clashes: Sequence[Clash]) -> None:
        """Name the discussions in the way. A tick given for others than these is taken back."""
        self.clashes = clashes
        now = " ".join(sorted({clash.token for clash in clashes}))
        if now != (self.seen.data or ""):
            self.alongside.data = False
        self.seen.data = now
