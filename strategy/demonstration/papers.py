"""Attaches papers to the demonstration's discussions to come: a chronology for all, a form for the police. Made up."""

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import papers
from strategy.commands.papers import NewPaper
from strategy.db import db
from strategy.demonstration.past import by_staff
from strategy.models import Discussion
from strategy.vocabulary import DiscussionState, PaperKind, Sector

_HOW_MANY = 2
_CHRONOLOGY = """Chronology (made up for the demonstration)

4 March    Health visitor finds nobody at home, leaves a card
11 March   School reports that the child came without a coat
19 March   Neighbour rings: shouting in the evening
"""


def attach(act: Act) -> None:
    """Two papers each for the first discussions to come, in the caller's transaction."""
    coming = select(Discussion).where(Discussion.state == DiscussionState.CONVENED).order_by(Discussion.id)
    for discussion in db.session.scalars(coming.limit(_HOW_MANY)):
        by_worker = by_staff(discussion.social_worker, act.at)
        told = NewPaper("Chronology", PaperKind.CHRONOLOGY, _CHRONOLOGY.encode())
        papers.attach(discussion, told, by_worker)
        police = [one.id for one in discussion.invitations if one.sector is Sector.POLICE]
        if police:
            form = NewPaper("Referral form", PaperKind.REFERRAL, _pdf("Referral form (made up)"), True, police)
            papers.attach(discussion, form, by_worker)


def _pdf(words: str) -> bytes:
    """One page with one line, as small as the format allows."""
    line = f"BT /F1 16 Tf 72 770 Td ({words.replace('(', '[').replace(')', ']')}) Tj ET"
    parts = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(line)}>>stream\n{line}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += f"{number} 0 obj{part}endobj\n"
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    table = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{rows}"
    return f"{made}{table}trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(made)}\n%%EOF\n".encode("ascii")
