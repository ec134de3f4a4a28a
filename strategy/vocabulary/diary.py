"""Holds how somebody's diary can be read; when and what is read of it is rules.diaries'."""

from strategy.vocabulary.words import Word


class DiaryKind(Word):
    ICAL = "ical", "Published calendar address"
    CALDAV = "caldav", "CalDAV"
