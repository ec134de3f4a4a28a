"""Holds how often a stranger may knock: rate limits on sign-in and on partners' links."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# Kept in memory of each process: good enough to slow guessing down, and nothing depends on it being exact.
limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)

LINK_LIMIT = "60 per minute"  # of a link we gave, by itself; of links that are none, from one network address
ANSWER_LIMIT = "20 per hour"  # of one link: each may send a mail and a text to an address typed by whoever holds it
CODE_LIMIT = "120 per hour"  # codes asked for or tried from one network address, which a whole hospital may share
WRITE_LIMIT = "60 per hour"  # drafts of one link: they are kept and send nothing
DRAFT_LIMIT = "1200 per hour"  # the same while they are typed: one every four seconds at most, of several people
ASK_LIMIT = "20 per hour"  # requests from one network address, which a whole hospital may share
SIGN_IN_LIMIT = "60 per minute"  # failed guesses from one network address, which a whole office may share
ACCOUNT_LIMIT = "10 per minute"  # failed tries of one account from one network address
# Callbacks that are not signed as they should be, from one network address. Those that are never count: a provider
# reports thousands in a minute, and what is turned away is lost.
CALLBACK_LIMIT = "120 per minute"
