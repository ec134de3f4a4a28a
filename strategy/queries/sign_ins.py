"""Answers whether a session was ended by signing out. Who is signed in where is kept nowhere."""

from strategy.db import db
from strategy.keys import digest
from strategy.models import EndedSession


def ended(name: str) -> bool:
    """Whether whoever had this session signed out of it."""
    return db.session.get(EndedSession, digest(name)) is not None
