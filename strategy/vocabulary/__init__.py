"""The fixed words of the product and their legal moves, one file a noun.

Concerns, roles and reason codes are not here: they are policy, which a partnership owns (strategy/policy/).
"""

from strategy.vocabulary.asking import (
    HANDOVER_MOVES,
    REQUEST_MOVES,
    AskFor,
    AskSoon,
    HandoverState,
    RequestOutcome,
    RequestState,
)
from strategy.vocabulary.chase import CALL_MOVES, LADDERS, PROMPTS, WAITS, CallOutcome, CallState, ChaseKind, StepKind
from strategy.vocabulary.contact import (
    IMPORT_MOVES,
    WAITING_MOVES,
    ClockStart,
    FamilyTold,
    FollowOnStart,
    ImportState,
    Waiting,
)
from strategy.vocabulary.diary import DiaryKind
from strategy.vocabulary.directory import VERIFICATION_MOVES, Gap, VerificationState
from strategy.vocabulary.discussion import DISCUSSION_MOVES, DiscussionKind, DiscussionState, Mode
from strategy.vocabulary.emergency_duty import NIGHT_MOVES, NightState
from strategy.vocabulary.event import EventVerb
from strategy.vocabulary.inbound import INBOUND_MOVES, InboundKind, InboundState, TextAsks
from strategy.vocabulary.invitation import (
    INVITATION_MOVES,
    NAMED,
    PRESENT,
    Attendance,
    InvitationState,
    Response,
    WithdrawReason,
)
from strategy.vocabulary.message import MESSAGE_MOVES, MessageChannel, MessageReason, MessageState, News, Seen
from strategy.vocabulary.paper import PaperFormat, PaperKind
from strategy.vocabulary.people import Nation, Sector, StaffRole, Via
from strategy.vocabulary.quorum import Course, QuorumOutcome
from strategy.vocabulary.record import ACTION_MOVES, ActionState, Basis, DecisionCode, Share
from strategy.vocabulary.series import FOLLOW_UP_MOVES, FollowUpState, ManagerSide
from strategy.vocabulary.slot import Hindrance
from strategy.vocabulary.span import SpanUnit
from strategy.vocabulary.words import Moves, State, Word, may_move

__all__ = [
    "ACTION_MOVES",
    "ActionState",
    "AskFor",
    "AskSoon",
    "Attendance",
    "Basis",
    "CALL_MOVES",
    "CallOutcome",
    "CallState",
    "ChaseKind",
    "ClockStart",
    "Course",
    "DecisionCode",
    "DISCUSSION_MOVES",
    "DiaryKind",
    "DiscussionKind",
    "DiscussionState",
    "EventVerb",
    "FOLLOW_UP_MOVES",
    "FollowUpState",
    "FollowOnStart",
    "Gap",
    "LADDERS",
    "PROMPTS",
    "WAITS",
    "Hindrance",
    "FamilyTold",
    "HANDOVER_MOVES",
    "NIGHT_MOVES",
    "NightState",
    "HandoverState",
    "IMPORT_MOVES",
    "INBOUND_MOVES",
    "InboundKind",
    "InboundState",
    "ImportState",
    "INVITATION_MOVES",
    "InvitationState",
    "may_move",
    "MESSAGE_MOVES",
    "ManagerSide",
    "MessageChannel",
    "MessageReason",
    "MessageState",
    "Mode",
    "Moves",
    "NAMED",
    "Nation",
    "News",
    "PRESENT",
    "PaperFormat",
    "PaperKind",
    "QuorumOutcome",
    "REQUEST_MOVES",
    "RequestOutcome",
    "RequestState",
    "Response",
    "Sector",
    "Seen",
    "Share",
    "SpanUnit",
    "StaffRole",
    "State",
    "StepKind",
    "TextAsks",
    "VERIFICATION_MOVES",
    "VerificationState",
    "Via",
    "Waiting",
    "WAITING_MOVES",
    "WithdrawReason",
    "Word",
]
