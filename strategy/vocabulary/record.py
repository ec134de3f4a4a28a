"""Holds the words of the record: decisions, actions, who gets it."""

from strategy.vocabulary.words import Moves, Word


class Basis(Word):
    """What information stands on (domain section 7)."""

    FACT = "fact", "Fact"
    OPINION = "opinion", "Opinion or professional judgement"


class DecisionCode(Word):
    """What a strategy discussion decides (Working Together; domain section 7)."""

    THRESHOLD_MET = "threshold-met", "Threshold of significant harm met"
    S47_SINGLE = "s47-single", "Section 47 enquiry: social care alone"
    S47_JOINT = "s47-joint", "Section 47 enquiry: jointly with police"
    NO_S47 = "no-s47", "No section 47 enquiry"
    ASSESSMENT = "assessment", "Assessment"
    POLICE_INVESTIGATION = "police-investigation", "Police investigation"
    REFERRAL_ON = "referral-on", "Referral on to another service"
    LEGAL_PLANNING = "legal-planning", "Legal planning"
    POLICE_PROTECTION = "police-protection", "Police protection or emergency protection order"
    ICPC = "icpc", "Initial child protection conference"
    FOLLOW_UP = "follow-up", "Follow-up discussion"
    NO_FURTHER_ACTION = "no-further-action", "No further action"


class Share(Word):
    """What an agency gets of a signed record (domain section 7, part 10)."""

    RECORD = "record", "The record"
    OUTCOME = "outcome", "The outcome alone"
    NOTHING = "nothing", "Nothing"


class ActionState(Word):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "No longer needed"


ACTION_MOVES: Moves[ActionState] = {
    ActionState.OPEN: frozenset({ActionState.DONE, ActionState.CANCELLED}),
    # undone by somebody who ticked the wrong one
    ActionState.DONE: frozenset({ActionState.OPEN}),
    ActionState.CANCELLED: frozenset({ActionState.OPEN}),
}
