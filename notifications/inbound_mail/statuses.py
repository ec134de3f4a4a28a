"""What a delivery status says of the address: dead until a person mends it, or not. Holds no parser of reports.

Sources: RFC 3463 §3, the IANA registry of enhanced status codes (RFC 5248), RFC 7505, and Microsoft's list of
non-delivery codes of Exchange Online. ``permanent`` follows the address, not the message: a refusal of what we
wrote, of us, or of the moment says nothing about the address.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s,-]|$)")
# Less the class digit: subject.detail.
_PERMANENT: Mapping[str, bool] = MappingProxyType(
    {
        "1.1": True,  # no such mailbox
        "1.2": True,  # no such system
        "1.3": True,  # not an address
        "1.4": True,  # names several people
        "1.5": False,  # the address is right
        "1.6": True,  # moved, nobody says where
        "1.7": False,  # our own address
        "1.8": False,  # our own system; Exchange: we send too much
        "1.9": False,  # relayed to where this cannot be told
        "1.10": True,  # the domain takes no mail (null MX); Exchange: recipient not found
        "1.20": False,  # Exchange: several From
        "1.90": False,  # Exchange: our day's limit
        "2.1": True,  # closed
        "2.2": False,  # full
        "2.3": False,  # our message is too long for it
        "2.4": False,  # a list that did not open
        "2.121": False,  # Exchange: too many for it this hour
        "2.122": False,
        "4.4": True,  # nowhere to send it: no such domain
        "4.310": True,  # Exchange: the domain does not exist
    }
)
# Subjects that tell of systems, networks, dialogue, content and policy, never of the address.
_NOT_THE_ADDRESS = frozenset({"3", "4", "5", "6", "7"})
_GONE = re.compile(
    r"user (?:is )?unknown|unknown (?:user|recipient|address|mailbox|local)|no such (?:user|mailbox"
    r"|recipient|address|person|account|domain)"
    r"|(?:does|do|did)(?: not|n't) exist|not (?:a )?(?:known|valid) (?:user|mailbox|recipient|address)"
    r"|invalid (?:recipient|mailbox|user|address)"
    r"|(?:recipient|address|user|mailbox|account)(?: \S+){0,2} (?:was )?(?:not found|unknown|invalid"
    r"|disabled|inactive|closed|suspended|rejected)"
    r"|(?:couldn't|could not|can ?not) be found|no mailbox(?: here)? by that name|mailbox unavailable"
    r"|not our customer"
    r"|(?:host|domain)(?: name)?(?: \S+)? (?:not found|unknown)|unrouteable|unroutable|unrouteable address"
    r"|nxdomain|null ?mx"
    r"|doesn't have an? \S+ account|account (?:has been |is )?(?:disabled|closed|deleted|expired)"
    r"|no longer (?:valid|active|exists|works|available)"
    r"|recipientnotfound|recipnotfound|not listed in|address rejected: access denied|not a known user"
    r"|unbekannt|inconnue?\b|n'existe pas",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"over ?quota|not accept our|got far enough|retries|retry|(?:not |un)reachable|for the last \d"
    r"|aborted after|on hold|frozen|locked"
    r"|protocol violation|failed \d+ attempts|quota (?:exceeded|is full)|exceed\w*(?: \S+){0,4} (?:quota"
    r"|storage|limit)"
    r"|mailbox(?: \S+){0,3} (?:is )?(?:too )?full|mailfull|full mailbox"
    r"|storage|disk full|insufficient|out of space|temporar|try again|too many|rate limit|greylist"
    r"|timed? ?out|expired|could not connect|connection (?:refused|reset)"
    r"|spam|junk|virus|malware|black ?list|block ?list|blocked|\brbl\b|spamhaus|reputation|polic(?:y|ies)"
    r"|dmarc|\bspf\b|dkim|unauthenticated|not authenticated"
    r"|not (?:authori[sz]ed|permitted|allowed|accepted)|permission|denied by|restricted"
    r"|content (?:rejected|filter)|too (?:large|big)|size (?:limit|exceed)|message rejected"
    r"|loop|hop count|too many hops|relay(?:ing)? (?:access )?denied|sender (?:address )?(?:rejected"
    r"|verify)|administrat",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"undeliver|not (?:be )?deliver|deliver\w* (?:fail|error)|returned to sender|bounced", re.IGNORECASE
)
_NO_MAILBOX_REPLIES = frozenset({"550", "551", "553"})  # RFC 5321 §4.2.3 at RCPT


def permanent(status: str | None, said: str) -> bool:
    """Whether a final failure kills the address. ``status`` as reported; ``said`` is the server's own text."""
    code = specific(status, said)
    if code is None:
        return _by_words(said)
    subject, detail = code.split(".", 1)[1].split(".", 1)
    if code.startswith("4"):
        return False
    known = _PERMANENT.get(f"{subject}.{detail}")
    if known is not None:
        return known
    if f"{subject}.{detail}" == "4.1" and "access denied" in said.lower():
        return True  # Exchange Online, for addresses it does not know at its edge
    if subject in _NOT_THE_ADDRESS or subject == "2":  # some servers say 5.2.0 or 5.5.0 whatever it is
        return detail == "0" and subject in ("2", "5") and bool(_GONE.search(said)) and not _LATER.search(said)
    return _by_words(said)


def tells(said: str) -> bool:
    """Whether the words tell of a failure at all."""
    return any(one.search(said) for one in (_GONE, _LATER, _FAILED, CODE))


def specific(status: str | None, said: str) -> str | None:
    """The code that says most: the server's own where the report's is a bare 5.0.0."""
    found = CODE.search(status or "")
    inner = [code for code in CODE.findall(said) if code[0] in "45"]
    if found and not found[1].endswith(".0.0"):
        return found[1]
    return next((code for code in inner if not code.endswith(".0.0")), found[1] if found else None)


def _by_words(said: str) -> bool:
    """Without a code that tells: what the words say, else the plain reply; a failure nobody explains is permanent."""
    if _LATER.search(said) and not re.search(r"unknown|no such|not found|not exist", said, re.IGNORECASE):
        return False
    if _GONE.search(said):
        return True
    replies = _REPLY.findall(said)
    return all(reply[0] != "4" for reply in replies) and (not replies or replies[-1] in _NO_MAILBOX_REPLIES)
