"""Every model, so that one import knows the whole schema; no behaviour."""

from strategy.models.authority import Authority, PolicyVersion
from strategy.models.board import BoardOpening, DeskBoard
from strategy.models.calendar_feed import CalendarFeed
from strategy.models.chase import CallTask, Chase, ChaseStep
from strategy.models.circuit import Circuit
from strategy.models.contact import Child, Contact
from strategy.models.contact_facts import ContactFacts
from strategy.models.contact_import import ContactImport, ImportedContact
from strategy.models.diary import Diary
from strategy.models.directory import Agency, Away, Desk, Person, Served
from strategy.models.directory_import import DirectoryImport
from strategy.models.discussion import Discussion, Need
from strategy.models.emergency_duty import MorningList, NightHandover
from strategy.models.handover import Handover
from strategy.models.implicated import Implicated
from strategy.models.inbound import Inbound
from strategy.models.invitation import Answer, Invitation
from strategy.models.managers import Agreement, EmergencyException
from strategy.models.message import Message, MessageAttempt
from strategy.models.paper import Paper, PaperReader
from strategy.models.partner_request import PartnerRequest
from strategy.models.policy import PolicyDraft
from strategy.models.progress import Progress
from strategy.models.proposal import ProposedWindow
from strategy.models.reading import RecordReading
from strategy.models.record import Action, Contribution, ContributionDraft, Decision, Note
from strategy.models.reply_code import ReplyCode
from strategy.models.restriction import ContactLink, Listed
from strategy.models.rota import Override, RotaEntry, RotaEvent, RotaImport, Shift
from strategy.models.school import HolidayCover, Term
from strategy.models.second_step import SecondStep
from strategy.models.series import Enquiry, EnquiryChange, FollowUp
from strategy.models.silence import Silence
from strategy.models.trail import AccessEntry, Draft, Event, Heartbeat, Submission
from strategy.models.user import EndedSession, Role, User, WebAuthn
from strategy.models.verification import Verification, VerificationRound
from strategy.models.wording import WordingDraft, WordingVersion

__all__ = [
    "AccessEntry",
    "Action",
    "Agency",
    "Agreement",
    "Answer",
    "Authority",
    "Away",
    "BoardOpening",
    "CallTask",
    "Chase",
    "ChaseStep",
    "Child",
    "Circuit",
    "Contact",
    "ContactLink",
    "ContactFacts",
    "ContactImport",
    "Contribution",
    "ContributionDraft",
    "Decision",
    "Desk",
    "DeskBoard",
    "CalendarFeed",
    "Diary",
    "DirectoryImport",
    "Discussion",
    "Draft",
    "EmergencyException",
    "EndedSession",
    "Enquiry",
    "EnquiryChange",
    "Event",
    "FollowUp",
    "Handover",
    "MorningList",
    "NightHandover",
    "Heartbeat",
    "Implicated",
    "ImportedContact",
    "HolidayCover",
    "Inbound",
    "Invitation",
    "Listed",
    "Message",
    "MessageAttempt",
    "Need",
    "Note",
    "Override",
    "Paper",
    "PaperReader",
    "PartnerRequest",
    "Person",
    "PolicyDraft",
    "PolicyVersion",
    "Progress",
    "ProposedWindow",
    "RecordReading",
    "ReplyCode",
    "Role",
    "RotaEntry",
    "RotaEvent",
    "RotaImport",
    "Shift",
    "SecondStep",
    "Silence",
    "Served",
    "Submission",
    "Term",
    "User",
    "Verification",
    "VerificationRound",
    "WordingDraft",
    "WordingVersion",
    "WebAuthn",
]
