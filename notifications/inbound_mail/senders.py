"""Which addresses are machines. Knows no mail."""

import re

# Local parts only: any domain has them. RFC 2142 names postmaster; MAILER-DAEMON is custom as old as sendmail.
_DAEMONS = re.compile(
    r"mailer[-_.]?daemon|post[-_.]?master|mail[-_.]?delivery(?:[-_.]?(?:sub)?system)?|mdaemon|daemon"
    r"|mail[-_.]?system"
    r"|microsoftexchange[0-9a-f]{8,}|bounces?|bounce[-_.].*|noreply-?bounce"
    r"|delivery[-_.]?(?:status|report|failure)s?"
    r"|double-bounce|undeliverable|smtp[-_.]?daemon"
)
_ROBOTS = re.compile(
    r"(?:.*[-_.+])?(?:no|do[-_.]?not|dont|ne[-_.]?pas|nicht)[-_.]?(?:reply|respond|repondre|antworten)(?:[-_.+].*)?"
    r"|calendar-notification|invitations?(?:-noreply)?|notifications?|autoreply|auto[-_.]?response|automailer|robot"
)


def is_daemon(address: str) -> bool:
    """Whether a mail server writes under this address."""
    return bool(_DAEMONS.fullmatch(address.partition("@")[0]))


def is_robot(address: str) -> bool:
    """Whether no person reads or writes under this address."""
    return is_daemon(address) or bool(_ROBOTS.fullmatch(address.partition("@")[0]))
