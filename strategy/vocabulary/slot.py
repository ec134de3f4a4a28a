"""Holds why somebody asked cannot be at a discussion at a given time, as the proposals say it."""

from strategy.vocabulary.words import Word


class Hindrance(Word):
    """What stands in the way. Of several, the one that is hardest to mend by a phone call is said."""

    SHUT = "shut", "shut"
    OFF_DUTY = "off-duty", "nobody on duty"
    ASKED = "asked", "asked to another discussion"
    BUSY = "busy", "busy in the diary"
    OTHER_TIMES = "other-times", "offered other times"
