"""The demonstration: a synthetic partnership called Exampleshire, with a past and one discussion running now.

Plainly made up, so that nobody takes it for real. Entry points call ``prepare``; nothing else imports this room.
"""

from strategy.demonstration.partnership import PASSWORD, PEOPLE
from strategy.demonstration.preparing import prepare

__all__ = ["PASSWORD", "PEOPLE", "prepare"]
