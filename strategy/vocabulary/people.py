"""Holds the words for sectors, staff and routes; people themselves are rows (models)."""

from strategy.vocabulary.words import Word


class Sector(Word):
    SOCIAL_CARE = "social-care", "Social care"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    HOUSING = "housing", "Housing"
    JUSTICE = "justice", "Justice"
    VOLUNTARY = "voluntary", "Voluntary and specialist"
    LEGAL = "legal", "Legal"


class StaffRole(Word):
    """What a signed-in person of the authority does. One person may hold several."""

    SOCIAL_WORKER = "social-worker", "Social worker"
    CHAIR = "chair", "Chair or manager"
    LEADER = "leader", "Leader"
    ADMINISTRATOR = "administrator", "Administrator"
    # beside one of the first two: the emergency duty team's people are social workers and managers, at night
    EDT = "edt", "Emergency duty team"


class Nation(Word):
    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"


class Via(Word):
    """The route by which something was done."""

    STAFF = "staff", "by staff"
    LINK = "link", "by link"
    PHONE = "phone", "by phone, written down by staff"
    SMS = "sms", "by text"
    CALENDAR = "calendar", "by calendar button"
    WORKER = "worker", "by itself"
    COMMAND_LINE = "command-line", "on the command line"
    PROVIDER = "provider", "reported by the provider"
