"""Holds how a paper goes out: as a file to be kept, which no browser shows or runs here. Who may have it others say."""

from typing import Final

from flask import Blueprint, Response, request

from strategy import csp
from strategy.models import Paper
from strategy.rules.papers import MOST_BYTES
from strategy.vocabulary import PaperFormat

_TYPES: Final = {
    PaperFormat.PDF: "application/pdf",
    PaperFormat.PNG: "image/png",
    PaperFormat.JPEG: "image/jpeg",
    PaperFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PaperFormat.ODT: "application/vnd.oasis.opendocument.text",
    PaperFormat.TEXT: "text/plain; charset=utf-8",
}
# A little more than the most is read, so that the field can say that it is too much.
_MOST_SENT: Final = 2 * MOST_BYTES


def sent(paper: Paper) -> Response:
    """The file under a name that says nothing: the discussion's reference and the paper's number."""
    name = f"{paper.discussion.reference}-paper-{paper.id}.{paper.format}"
    return Response(
        paper.content,
        content_type=_TYPES[paper.format],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": f"{csp.policy()}; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def takes_files(blueprint: Blueprint) -> None:
    """Let what is sent to these pages be as large as a paper may be: asked for before anything reads the form."""

    def allow(_endpoint: str | None, _values: object) -> None:
        request.max_content_length = _MOST_SENT

    blueprint.url_value_preprocessor(allow)
