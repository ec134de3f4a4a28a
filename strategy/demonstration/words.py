"""Holds what was said and written in the demonstration's cases: plainly made up, about nobody."""

from strategy.commands.agreements import Agreed, Consent
from strategy.vocabulary import DecisionCode, ManagerSide, Sector

SAFETY = (
    "Staying with a grandparent until the discussion; the duty worker rings each evening",
    "A worker visits at tea time; the school keeps them until collected by an aunt",
    "On the ward, with a nurse at the bedside",
)

# Codes of the policy's reasons for a delay of our own.
LATE = ("waiting-for-partner", "no-social-worker", "late-transfer", "decision-late")

SHARED = {
    Sector.SOCIAL_CARE: "Known to the service since spring; two earlier assessments, both closed. (Made up.)",
    Sector.POLICE: "One call to the address this year, no offence recorded. (Made up.)",
    Sector.HEALTH: "Two appointments missed, immunisations complete. (Made up.)",
    Sector.EDUCATION: "Attendance has fallen to four days a week; tired on Mondays. (Made up.)",
    Sector.HOUSING: "A tenancy in good order, one complaint about noise. (Made up.)",
    Sector.VOLUNTARY: "Safety plan agreed with the parent last month. (Made up.)",
    Sector.JUSTICE: "Appointments kept since the summer. (Made up.)",
    Sector.LEGAL: "The threshold for proceedings is not met on what is known. (Made up.)",
}

SECTION_47 = frozenset({DecisionCode.S47_SINGLE, DecisionCode.S47_JOINT})

DECISIONS: tuple[tuple[tuple[DecisionCode, str], ...], ...] = (
    (
        (DecisionCode.THRESHOLD_MET, "The account and the injury do not fit together"),
        (DecisionCode.S47_JOINT, "An offence may have been committed"),
    ),
    (
        (DecisionCode.THRESHOLD_MET, "Harm over months, and earlier help changed little"),
        (DecisionCode.S47_SINGLE, "No offence is suspected"),
    ),
    (
        (DecisionCode.NO_S47, "What was reported is explained, and the child is safe"),
        (DecisionCode.ASSESSMENT, "The family asks for help, and needs it"),
    ),
    (
        (DecisionCode.S47_JOINT, "Police and social care need to act together"),
        (DecisionCode.ICPC, "The children are likely to need a plan"),
    ),
    ((DecisionCode.REFERRAL_ON, "Early help is able to answer what is needed"),),
)

ACTIONS = (
    "See the child alone at school",
    "Ask the consultant for a written opinion",
    "Check the address history with the neighbouring force",
    "Agree a safety plan with both parents",
    "Send a chronology of the last twelve months",
    "Book the interview suite and an interpreter",
)

EVIDENCE = ("Visited, note on the case file", "Report received and filed", "Confirmed by the manager")

# For those held by phone where policy asks for a meeting.
CONSENT = Consent(
    (
        Agreed(ManagerSide.SOCIAL_CARE, "Lee Leader", "Head of service"),
        Agreed(ManagerSide.PARTNER, "Dana Duty", "Detective Inspector, Exampleshire Police"),
    )
)
FOLLOWED_UP = "Spoken to on the phone the next day, and nothing was added. (Made up.)"
NOTHING_FOLLOWS = "What it was about came to its end the next day, and nothing more is to be discussed. (Made up.)"
NOT_INVITED = "The desk's number had changed, and nobody had the new one"
