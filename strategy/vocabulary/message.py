"""Holds the life of a message and why it is sent; delivery states of providers are in notifications.outcomes."""

from strategy.vocabulary.words import Moves, Word


class MessageState(Word):
    QUEUED = "queued", "Waiting to go"
    SENDING = "sending", "Going out"
    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    BOUNCED = "bounced", "Not delivered"
    FAILED = "failed", "Failed"
    VOIDED = "voided", "Not needed any more"


class MessageChannel(Word):
    EMAIL = "email", "Email"
    SMS = "sms", "Text"


class MessageReason(Word):
    """Why a message goes out; the outbox asks again at each attempt whether that still holds."""

    INVITE = "invite", "Invitation"
    UPDATE = "update", "Change of time or place"
    CANCEL = "cancel", "Cancelled or withdrawn"
    CONFIRMATION = "confirmation", "Confirmation of an answer"
    CHASE = "chase", "Chasing a named attendee"
    ABSENCE = "absence", "Asking why nobody came"
    CONVENER = "convener", "Telling the convener"
    ACTION = "action", "Action to its owner"
    RECORD = "record", "The record can be read"
    HANDOVER = "handover", "Contact handed over"
    HANDED_BACK = "handed-back", "Contact handed back"
    EDT_GIVEN = "edt-given", "Contact handed to the emergency duty team"
    EDT_UNACCEPTED = "edt-unaccepted", "Nobody has accepted a contact for the night"
    MORNING_LIST = "morning-list", "What happened overnight"
    PARTNER_ASKS = "partner-asks", "Partner asks for somebody"
    VERIFICATION = "verification", "Asking whether an entry is still right"
    TEXT_REPLY = "text-reply", "Answering a text"
    SECOND_STEP = "second-step", "Code to see who it is about"
    BOARD = "board", "Link to a desk board"
    BOARD_CODE = "board-code", "Code to open a desk board"
    REMINDER = "reminder", "Reminder to whoever comes"
    NOT_JOINED = "not-joined", "Started, and they are not there"
    ACTION_DUE = "action-due", "Reminder of an action"
    COURSE = "course", "Whether it will be quorate"
    TARGET = "target", "Children who wait"


class Seen(Word):
    """The links of an invitation's chain; LOST stands in the place of DELIVERED."""

    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    DELIVERED = "delivered", "Delivered"
    LOST = "lost", "Not delivered"
    OPENED = "opened", "Opened"
    ANSWERED = "answered", "Answered"
    JOINED = "joined", "Joined"


class News(Word):
    """What the convener is told about one invitation; the words follow "Somebody asked (Police)".

    The sector and not the role: a role, like a referral centre's, can give away what it is about.
    """

    DECLINED = "declined", "cannot attend, and sends nobody else"
    NO_OFFICER = "no-officer", "has no officer available, and sends nobody else"
    REPORT_ONLY = "report-only", "will only send information: please ring them"
    NOT_OURS = "not-ours", "says the child is not theirs: please replace them"
    DEPUTY = "deputy", "will send somebody else"
    UNDELIVERABLE = "undeliverable", "has not been reached: no email or text got through"
    NOBODY_TOLD = "nobody-told", "has not been told yet: nothing we sent has arrived"
    NOBODY_LISTED = "nobody-listed", "has nobody we can reach on the next rung"
    LADDER_ENDED = "ladder-ended", "has nobody named yet: please ring them"
    FIND_ANOTHER = "find-another", "of our own cannot come: please find somebody else"
    TIMES_OFFERED = "times-offered", "has offered other times"
    UNVERIFIED = "unverified", "gave an answer that needs checking"
    TEXTS_STOPPED = "texts-stopped", "wants no more texts: please reach them another way"
    WROTE = "wrote", "has written to us: please read it"
    CODE_LOST = "code-lost", "waits for a code that did not come: please ring them"
    ACTION_UNDELIVERED = "action-undelivered", "has not been told of their action"


MESSAGE_MOVES: Moves[MessageState] = {
    MessageState.QUEUED: frozenset(
        # sent, delivered or bounced: its lease lapsed and it was queued again, and then the receipt came after all;
        # failed: the provider stayed down for longer than it could wait
        {
            MessageState.SENDING,
            MessageState.SENT,
            MessageState.DELIVERED,
            MessageState.BOUNCED,
            MessageState.FAILED,
            MessageState.VOIDED,
        }
    ),
    MessageState.SENDING: frozenset(
        # straight to delivered or bounced: a receipt may come before our own note that it was sent
        {
            MessageState.QUEUED,
            MessageState.SENT,
            MessageState.DELIVERED,
            MessageState.BOUNCED,
            MessageState.FAILED,
            MessageState.VOIDED,
        }
    ),
    MessageState.SENT: frozenset({MessageState.DELIVERED, MessageState.BOUNCED}),
    # a mail server may accept and then bounce
    MessageState.DELIVERED: frozenset({MessageState.BOUNCED}),
    MessageState.BOUNCED: frozenset(),
    MessageState.FAILED: frozenset(),
    MessageState.VOIDED: frozenset(),
}
