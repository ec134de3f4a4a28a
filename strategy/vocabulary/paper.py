"""Holds what kinds of paper are attached to a discussion, and the file formats they come in."""

from strategy.vocabulary.words import Word


class PaperKind(Word):
    """What a paper is to those who read it."""

    CHRONOLOGY = "chronology", "Chronology"
    REFERRAL = "referral", "Referral form"
    BODY_MAP = "body-map", "Body map"
    REPORT = "report", "Report or assessment"
    OTHER = "other", "Other paper"


class PaperFormat(Word):
    """The formats that are taken; the value ends the name a file is given when it is opened."""

    PDF = "pdf", "PDF"
    PNG = "png", "PNG picture"
    JPEG = "jpg", "JPEG picture"
    DOCX = "docx", "Word document"
    ODT = "odt", "OpenDocument text"
    TEXT = "txt", "Plain text"
