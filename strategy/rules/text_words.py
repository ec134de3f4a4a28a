"""Holds the words by which rules.text_replies tells names, courtesies, doubt and carriers' own words apart."""


def _words(together: str) -> frozenset[str]:
    return frozenset(together.split())


# Carriers act on these when they are the whole text, and answer them (in-the-wild 22).
STOP = frozenset({"stop", "stopall", "stop all", "end", "quit", "cancel", "unsubscribe", "optout", "opt out", "revoke"})
START = frozenset({"start", "unstop"})
HELP = frozenset({"help", "info"})

YES = frozenset({"yes", "y", "yep", "yeah", "ok", "okay", "yes please", "yes thanks", "yes thank you", "yes ok"})

# Courtesies before a name, and what may stand before "A 47".
LEADING = _words(
    "yes yep yeah y ok okay hi hello hiya dear good morning afternoon evening thanks thank you thankyou "
    "ta cheers please pls attending attend coming come be there is it's its it that's i i'll i'm we we'll "
    "name named by and with fine sure great confirmed confirm confirming noted answer reply code number "
    "no. for deputy attendee it'll"
)
AFTER_WILL = frozenset({"be", "attend", "come", "join", "do"})
# Courtesies after one.
TRAILING = _words(
    "thanks thank you thankyou ta cheers please pls x xx xxx regards kind will attend attending coming "
    "come be is there going instead join for us and joining ok okay confirmed"
)
# None of these is in anybody's name: what holds one is a sentence, and a person reads it.
NO_NAMES = _words(
    "i i'll i'm we we'll we're our us they he she his her him them it not no nobody none cannot can't "
    "cant won't wont late later minute minutes min mins hour hours delayed running call ring phone number "
    "what who when where why which how the a an this that these to at on in re about regarding concerning "
    "child children kid baby boy girl family mum mother dad father parent case pupil patient stop wrong "
    "sorry but because someone somebody anyone tbc tba unknown tomorrow today tonight now meeting link "
    "only report information info another time if until unless busy available unavailable sick leave can "
    "could would should do does did have has had get got been was were are am asap soon shift desk duty "
    "team lost help test yes"
)
NO = frozenset(
    {"no", "not", "cannot", "can't", "cant", "won't", "wont", "unable", "nobody", "none", "never", "unavailable"}
    | {"decline", "declined", "cancel", "stop", "isn't", "isnt", "don't", "dont", "no one", "noone", "nope", "n/a"}
)
# These sound like a no and are a yes.
NO_BUT_YES = ("no problem", "no problems", "no worries", "not a problem", "no bother")
COMING = frozenset({"yes", "attending", "coming", "will attend", "will be there", "yep", "yeah"})
QUESTIONS = frozenset({"what", "who", "why", "which", "how", "when", "where", "what's", "whats"})
# "stuck on the A14"
BEFORE_A_ROAD = frozenset({"the", "on", "road", "via", "off", "along", "near"})
