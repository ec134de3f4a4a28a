"""Holds which messages an authority may word, the places each has, and which must be there; why others may not.

Sources: domain sections 10 and 12, in-the-wild 22 to 25.
"""

from collections.abc import Mapping
from typing import Final

from strategy.rules.wording import LINK, Part, Place, Standard

_ALL = frozenset(Part)
_SUBJECT_AND_TEXT = frozenset({Part.SUBJECT, Part.TEXT})
_BODIES = frozenset({Part.MAIL, Part.TEXT})
_IN_MAIL = frozenset({Part.MAIL})
_IN_TEXT = frozenset({Part.TEXT})
_NOT_IN_TEXT = frozenset({Part.SUBJECT, Part.MAIL})
_IN_SUBJECT = frozenset({Part.SUBJECT})

_LINK = {LINK: Place("their own link: alone on its line", _BODIES)}
_COUNCIL = {
    "council": Place("your short name", _ALL),
    "council_in_full": Place("your name in full", _IN_MAIL),
    "call_back": Place("your number on your website", _ALL),
}
_MEETING = {
    **_COUNCIL,
    "reference": Place("the reference, as K7QD", _ALL),
    "time": Place("when it begins, as Fri 27 Nov 3:30pm", _ALL),
    "needed": Place("from when they are needed, as Fri 27 Nov 3:30pm", _BODIES),
    "begins": Place("when it begins, in full", _IN_MAIL),
    "when": Place("when, how, by whom, reference: alone on its line", _IN_MAIL),
    "how": Place("video, phone or in person", _IN_MAIL),
    "convener": Place("who convenes it", _IN_MAIL),
}
_HOW_TO_ANSWER = {"how_to_answer": Place("how to answer: by text where we read texts, else by when", _IN_TEXT)}
_REASON = {"reason_given": Place("the coded reason they gave, where they gave one", _IN_MAIL)}
_TITLE = {"title": Place("their title, as Detective sergeant", _IN_MAIL)}

_SUBJECT = (("reference",), ("time",))
_MAIL = ((LINK,), ("when", "begins"))
_TEXT = ((LINK,), ("reference", "call_back"), ("time", "needed"))
_ANSWERED = (*_TEXT, ("how_to_answer",))
_OUR_OWN = "To our own people it says in our words that what it is stands behind sign-in."
_NOW = "A discussion held this minute keeps our words: how to join stands in them."


def _standard(
    own: Mapping[str, Place],
    subject: tuple[tuple[str, ...], ...] = _SUBJECT,
    mail: tuple[tuple[str, ...], ...] = _MAIL,
    text: tuple[tuple[str, ...], ...] = _TEXT,
    *,
    shared: Mapping[str, Place] = _MEETING,
    link: bool = True,
    staff: bool = False,
    ours: str = "",
) -> Standard:
    needs = {Part.SUBJECT: subject, Part.MAIL: mail, Part.TEXT: text}
    return Standard({**(_LINK if link else {}), **shared, **own}, needs, link, staff, ours)


STANDARDS: Final[Mapping[str, Standard]] = {
    "invite": _standard(
        {
            **_HOW_TO_ANSWER,
            "answer_by": Place("Answer by 1:45pm, or Please answer", _IN_SUBJECT),
            "please_answer": Place("by when to answer and what happens then, a sentence", _IN_MAIL),
        },
        subject=(*_SUBJECT, ("answer_by",)),
        mail=(*_MAIL, ("please_answer",)),
        text=_ANSWERED,
        ours=_NOW,
    ),
    "update": _standard(
        {
            **_HOW_TO_ANSWER,
            "what_changed": Place("what has changed, a sentence", _IN_MAIL),
            "change": Place("moved to Fri 27 Nov 3:30pm, or how to join has changed", _IN_TEXT),
            "please_answer": Place("by when to answer, a sentence", _IN_MAIL),
        },
        mail=(*_MAIL, ("what_changed",), ("please_answer",)),
        text=((LINK,), ("reference", "call_back"), ("change",), ("how_to_answer",)),
    ),
    "chase": _standard(
        {**_HOW_TO_ANSWER, "name_by": Place("by when to name somebody and what happens then", _IN_MAIL)},
        mail=(*_MAIL, ("name_by",)),
        text=_ANSWERED,
    ),
    "supervisor": _standard(
        {
            **_HOW_TO_ANSWER,
            **_REASON,
            **_TITLE,
            "please_name": Place("Please name somebody by 1:45pm", _IN_SUBJECT),
            "name_by": Place("by when to name somebody and what happens then", _IN_MAIL),
        },
        subject=(*_SUBJECT, ("please_name",)),
        mail=(*_MAIL, ("name_by",)),
        text=_ANSWERED,
    ),
    "senior": _standard(
        {**_REASON, **_TITLE, "who_was_asked": Place("who was asked before them, a sentence", _IN_MAIL)}
    ),
    "deputy": _standard({"who": Place("the name of the person, or You", _IN_MAIL)}),
    "confirmation": _standard(
        {
            "answer": Place("what is recorded, as Jo Sample will attend", _IN_MAIL),
            "answer_in_short": Place("what is recorded, as your agency will attend", _IN_TEXT),
            "until": Place("until when it can be changed", _IN_MAIL),
        },
        mail=(*_MAIL, ("answer",)),
        text=(*_TEXT, ("answer_in_short",)),
    ),
    "cancel": _standard(
        {
            "what": Place("Stood down, or No longer needed", _IN_SUBJECT),
            "what_happened": Place("what happened, a sentence", _IN_MAIL),
            "what_in_short": Place("stood down: or you are no longer needed at", _IN_TEXT),
            "ends": Place("when it would have ended, as 4:15pm", _IN_MAIL),
            "calendar_cleared": Place("that the calendar entry is cancelled too, where it is", _IN_MAIL),
        },
        subject=(*_SUBJECT, ("what",)),
        mail=(("what_happened",), ("begins", "when")),
        text=(("what_in_short",), ("reference", "call_back"), ("time", "needed")),
        link=False,
        ours="Who was asked twice, and is still needed once, is told so in our words.",
    ),
    "absence": _standard(
        {
            "reason_by": Place("Reason needed by 5pm", _IN_SUBJECT),
            "who_did_not": Place("nobody joined, or one of your roles did not join", _IN_SUBJECT),
            "what_happened": Place("who did not join, a sentence", _IN_MAIL),
            "please_give": Place("by when to give the reason and what happens then", _IN_MAIL),
            "who_in_short": Place("your agency, or one of yours", _IN_TEXT),
            "give_reason": Place("Say why by Mon 30 Nov 5pm", _IN_TEXT),
        },
        subject=(*_SUBJECT, ("who_did_not",), ("reason_by",)),
        mail=(*_MAIL, ("what_happened",), ("please_give",)),
        text=(*_TEXT, ("who_in_short",), ("give_reason",)),
    ),
    "action": _standard(
        {
            "due": Place("when it is due, as Mon 30 Nov 5pm", _ALL),
            "due_in_full": Place("when it is due, in full", _IN_MAIL),
            "owner": Place("the agency or person it was given to", _IN_MAIL),
        },
        subject=(("reference",), ("due",)),
        mail=(*_MAIL, ("due", "due_in_full")),
        text=((LINK,), ("reference", "call_back"), ("due",)),
        ours=_OUR_OWN,
    ),
    "action-due": _standard(
        {
            "what": Place("An action of your agency is, or Overdue: and was", _IN_SUBJECT),
            "due": Place("when it is due, as Mon 30 Nov 5pm", _ALL),
            "due_or_late": Place("that it is due, or was and is not done, a sentence", _IN_MAIL),
            "is_or_was": Place("is, or was where it is overdue", _IN_TEXT),
            "owner": Place("the agency or person it was given to", _IN_MAIL),
        },
        subject=(("reference",), ("what",), ("due",)),
        mail=(*_MAIL, ("due_or_late",)),
        text=((LINK,), ("reference", "call_back"), ("is_or_was",), ("due",)),
        ours=_OUR_OWN,
    ),
    "reminder": _standard(
        {
            "needed_at": Place("from when they are needed, as 3:30pm", _IN_MAIL),
            "dial_in": Place("the number to dial, where there is one, a sentence", _IN_MAIL),
            "how_to_join": Place("Dial 01632 960200 or, else To join: before the link", _IN_TEXT),
        },
        mail=(*_MAIL, ("dial_in",)),
        text=(*_TEXT, ("how_to_join",)),
    ),
    "started": _standard(
        {
            "what": Place("Started, or It is time", _IN_SUBJECT),
            "began": Place("has started, planned for; or was to start at", _IN_MAIL),
            "join_now": Place("that they join now and by what number, a sentence", _IN_MAIL),
            "join": Place("Dial 01632 960200, or Join now", _IN_TEXT),
        },
        subject=(*_SUBJECT, ("what",)),
        mail=(*_MAIL, ("began",), ("join_now",)),
        text=(*_TEXT, ("join",)),
    ),
    "record": _standard(
        {
            "what": Place("The record can be read, or its outcome, or Added to the record", _IN_SUBJECT),
            "what_happened": Place("what can be read, of which meeting, when: a sentence", _IN_MAIL),
            "what_in_short": Place("the record can be read of, or the outcome, or more", _IN_TEXT),
        },
        subject=(*_SUBJECT, ("what",)),
        mail=((LINK,), ("what_happened",)),
        text=(*_TEXT, ("what_in_short",)),
    ),
    "staff-invite": _standard(
        {
            "role": Place("in what role, as chair", _NOT_IN_TEXT),
            "role_in_short": Place("in what role, at most 30 characters of it", _IN_TEXT),
            "ends": Place("when it ends, as 4:15pm", _IN_MAIL),
        },
        mail=(*_MAIL, ("role",)),
        text=(*_TEXT, ("role_in_short",)),
        staff=True,
        ours=_NOW,
    ),
    "convener": _standard(
        {**_REASON, "news": Place("the news, as has offered other times", _ALL), "sector": Place("as Police", _ALL)},
        subject=(*_SUBJECT, ("news",)),
        mail=(*_MAIL, ("news",), ("sector",)),
        text=(*_TEXT, ("news",), ("sector",)),
        staff=True,
    ),
    "course": _standard(
        {
            "outlook": Place("will not be quorate, or quorum at risk", _ALL),
            "outlook_in_full": Place("will not be quorate, or is at risk of not being quorate", _IN_MAIL),
            "nobody_for": Place("which sectors nobody is named for, a sentence", _IN_MAIL),
            "what_now": Place("what is left to do, the nearer the more, a sentence", _IN_MAIL),
        },
        subject=(*_SUBJECT, ("outlook",)),
        mail=(*_MAIL, ("outlook", "outlook_in_full"), ("nobody_for",)),
        text=(*_TEXT, ("outlook",)),
        staff=True,
    ),
    "not-held": _standard({}, staff=True),
    "verification": _standard(
        {
            "is_it_you": Place("Jo Sample: is this still you?", _IN_MAIL),
            "entry": Place("the person, or the desk", _NOT_IN_TEXT),
            "agency": Place("the agency", _NOT_IN_TEXT),
            "whom": Place("you, or the desk", _IN_MAIL),
            "there": Place("you, or there", _IN_MAIL),
            "keep_it": Place("that a person keeps the link for days away, a sentence", _IN_MAIL),
        },
        subject=(("entry",), ("agency",)),
        mail=((LINK,), ("entry", "is_it_you"), ("agency",)),
        text=((LINK,), ("call_back",)),
        shared=_COUNCIL,
    ),
}

_TO_OURS = "It goes to your own people, and says no more than that something waits behind sign-in."
WHY_NOT: Final[Mapping[str, str]] = {
    "misdirected": "It goes to a stranger after a mistake, and must not be the cause of another one.",
    "code": "It guards who the child is: what it is for, and that nobody ever asks for it, must always stand there.",
    "board": "It brings the one key to a desk's page: what it is and how to check it must always stand there.",
    "board-code": "It opens a desk's page: what it is for, and that nobody ever asks for it, must always stand there.",
    "handover": _TO_OURS,
    "handed-back": _TO_OURS,
    "partner-asks": _TO_OURS,
    "still-waiting": _TO_OURS,
    "edt-given": _TO_OURS,
    "edt-unaccepted": _TO_OURS,
    "morning-list": _TO_OURS,
}
