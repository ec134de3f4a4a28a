"""Holds the words for a partner who asks us for something, and for a contact handed from one of us to another."""

from strategy.vocabulary.words import Moves, Word


class AskFor(Word):
    """What a partner can ask for without an invitation. Any agency may ask for a discussion (domain section 2)."""

    DISCUSSION = "discussion", "Ask for a strategy discussion"
    SOCIAL_WORKER = "social-worker", "Speak to a social worker"


class AskSoon(Word):
    """By when somebody hopes to be rung. Their wish, not a target of ours."""

    NOW = "now", "Within the hour"
    TODAY = "today", "Today"
    TOMORROW = "tomorrow", "By tomorrow"
    THIS_WEEK = "this-week", "This week"


class RequestState(Word):
    """The life of a partner's request."""

    OPEN = "open", "Nobody is dealing with it"
    CLAIMED = "claimed", "Being dealt with"
    CLOSED = "closed", "Answered"


class RequestOutcome(Word):
    """What came of a partner's request."""

    RANG_BACK = "rang-back", "Rang back"
    CONTACT_STARTED = "contact-started", "A contact was started"
    ADVICE_GIVEN = "advice-given", "Advice given"
    NO_ACTION = "no-action", "No action"


REQUEST_MOVES: Moves[RequestState] = {
    RequestState.OPEN: frozenset({RequestState.CLAIMED, RequestState.CLOSED}),
    # back to open: whoever took it on cannot do it after all
    RequestState.CLAIMED: frozenset({RequestState.OPEN, RequestState.CLOSED}),
    # taken up again: it was ended too early
    RequestState.CLOSED: frozenset({RequestState.CLAIMED}),
}


class HandoverState(Word):
    """The life of one handing over of a contact to a receiving worker."""

    GIVEN = "given", "Not accepted"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    TAKEN_OVER = "taken-over", "Taken over by somebody else"
    ENDED = "ended", "Not needed any more"


HANDOVER_MOVES: Moves[HandoverState] = {
    HandoverState.GIVEN: frozenset(
        {HandoverState.ACCEPTED, HandoverState.DECLINED, HandoverState.TAKEN_OVER, HandoverState.ENDED}
    ),
    HandoverState.ACCEPTED: frozenset(),
    HandoverState.DECLINED: frozenset(),
    HandoverState.TAKEN_OVER: frozenset(),
    HandoverState.ENDED: frozenset(),
}
