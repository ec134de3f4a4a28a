"""Holds the form of how messages name an authority: its names, and the lines at the head and foot of its mails."""

from strategy.commands.authorities import SHORT_NAME, Naming
from strategy.forms.form import Form, Line


class NamingForm(Form):
    """The council's names, and its own lines in mails."""

    name = Line("Name of the council", required="Enter the council’s name", description="In mails and on every page.")
    short_name = Line(
        "Short name, for texts",
        required="Enter the short name",
        most=SHORT_NAME,
        description=f"{SHORT_NAME} characters at most: with it every text stays one text.",
    )
    head = Line("First line of every mail", description="In place of a logo, which many mail programs do not show.")
    foot = Line("Last line of every mail", most=300, description="Such as your website. Nothing about any child.")

    def naming(self) -> Naming:
        """What was typed, as the command takes it. Only for a form that validated."""
        return Naming(self.name.data or "", self.short_name.data or "", self.head.data or None, self.foot.data or None)
