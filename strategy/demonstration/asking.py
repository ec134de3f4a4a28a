"""Shows a contact handed over and not accepted, what is said of a decision, and a partner who asks to be rung."""

from datetime import datetime, timedelta

from strategy.act import Act
from strategy.commands import contact_facts, handovers, partner_requests
from strategy.commands.contact_facts import Facts
from strategy.commands.partner_requests import Asked
from strategy.demonstration.partnership import Partnership
from strategy.demonstration.past import by_staff
from strategy.models import Contact
from strategy.vocabulary import AskFor, AskSoon, FamilyTold, Via


def hand_over(contact: Contact, world: Partnership, now: datetime) -> None:
    """Given two hours ago to a worker who has not accepted it."""
    giver, receiver = world.social_workers
    handovers.give(contact, receiver, giver, by_staff(giver, now - timedelta(hours=2, minutes=10)))


def say_facts(contact: Contact, world: Partnership, now: datetime) -> None:
    """Why the threshold is met, and why the family does not know."""
    facts = Facts(
        document="Exampleshire threshold document 2025",
        level="Level 4",
        threshold_why="Three reports in ten days, each of the same kind, and nobody at home who keeps the child safe.",
        family_told=FamilyTold.UNSAFE,
        family_why="The person of concern would be told at once.",
    )
    contact_facts.say(contact, facts, by_staff(world.social_workers[0], now - timedelta(hours=1)))


def ask(world: Partnership, now: datetime) -> None:
    """A health visitor waits to be rung."""
    asked = Asked(
        asks_for=AskFor.DISCUSSION,
        soon=AskSoon.NOW,
        name="Vic Visitor",
        role="Health visitor",
        agency="Exampleshire Health Trust",
        phone="01632 960177",
        text="Two home visits this week have left me worried. I would like to talk before the weekend.",
    )
    act = Act(by="A partner, on the public page", at=now - timedelta(minutes=12), via=Via.LINK)
    partner_requests.ask(asked, world.authority, act)
