"""Begins an authority (its row, the policy it first works under), and changes how its messages name it."""

from dataclasses import dataclass

from sqlalchemy import select

from notifications.addresses import InvalidAddress, phone
from notifications.gsm import Encoding, fragments
from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Authority, PolicyVersion
from strategy.rules.policy_editing import Edit, edited
from strategy.vocabulary import EventVerb, Nation

SHORT_NAME = 20  # characters: what a text has room for (domain section 12)


@dataclass(frozen=True, slots=True)
class NewAuthority:
    """A local authority. ``phone`` is the call-back number on its website; texts call it by ``short_name``."""

    code: str
    name: str
    short_name: str
    phone: str
    nation: Nation


def begin(entry: NewAuthority, policy_text: str, act: Act) -> Authority:
    """Begin an authority under a policy text that has been read. Raises Refused for a taken code or bad values."""
    if db.session.scalar(select(Authority.id).where(Authority.code == entry.code)) is not None:
        raise Refused(f"There is an authority {entry.code} already.", "code")
    if not entry.short_name or len(entry.short_name) > SHORT_NAME:
        raise Refused(f"The short name must have between 1 and {SHORT_NAME} characters.", "short_name")
    try:
        number = phone(entry.phone)
    except InvalidAddress as invalid:
        raise Refused(invalid.reason, "phone") from None
    authority = Authority(
        code=entry.code, name=entry.name, short_name=entry.short_name, nation=entry.nation, phone=number
    )
    version = PolicyVersion(
        authority=authority,
        number=1,
        text=_for_nation(policy_text, entry.nation),
        author=act.by,
        reason="The shipped example policy, to begin with",
        effective_from=act.at,
        created_at=act.at,
    )
    db.session.add_all([authority, version])
    db.session.flush()
    return authority


@dataclass(frozen=True, slots=True)
class Naming:
    """How messages name an authority; ``head`` and ``foot`` are a line each, None for none."""

    name: str
    short_name: str
    head: str | None
    foot: str | None


def rename(authority: Authority, naming: Naming, act: Act) -> None:
    """Change how messages name the authority, from the next one written. Raises Refused for what a text cannot hold."""
    if not naming.name:
        raise Refused("Enter the council’s name", "name")
    _check_short_name(naming.short_name)
    authority.name, authority.short_name = naming.name, naming.short_name
    authority.mail_head, authority.mail_foot = naming.head or None, naming.foot or None
    said = f"Messages name the council “{naming.name}”, texts “{naming.short_name}”; head and foot of mails as shown"
    events.add(EventVerb.WORDS_CHANGED, said, act, authority=authority)


def _check_short_name(short_name: str) -> None:
    """Every text has room for so many characters of the alphabet texts are written in, and for no others."""
    cost = fragments(short_name)
    if not short_name or cost.encoding is not Encoding.GSM_7 or cost.units > SHORT_NAME:
        words = f"Enter {SHORT_NAME} characters at most, all of them such as plain texts can carry"
        raise Refused(words, "short_name")


def _for_nation(policy_text: str, nation: Nation) -> str:
    """The same policy, counting with that nation's holidays."""
    return edited(policy_text, [Edit(("policy",), "nation", nation.value)])
