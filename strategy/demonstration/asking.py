"""Shows a contact handed over and not accepted, what is said of a decision, and a partner who asks to be rung."""

from datetime import datetime, timedelta

from strategy.act import Act
from strategy.commands import contact_facts, emergency_duty, handovers, partner_requests
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


def hand_to_edt(waiting: Contact, accepted: Contact, world: Partnership, now: datetime) -> None:
    """One child handed to the emergency duty team minutes ago, whom nobody has accepted; one they have, with a word."""
    giver, on_team = world.chairs[0], world.edt
    ring = f"{giver.full_name}, until midnight"
    night = emergency_duty.Night("Visit this evening, and see the child alone.", now + timedelta(hours=3), ring)
    found = emergency_duty.give(accepted, night, giver, by_staff(giver, now - timedelta(minutes=55)))
    emergency_duty.give(waiting, night, giver, by_staff(giver, now - timedelta(minutes=6)))
    emergency_duty.accept(found, on_team.full_name, by_staff(on_team, now - timedelta(minutes=50)))
    said = "Rang the grandmother: the child is with her and asleep. Visit at the agreed time."
    emergency_duty.report(found, said, by_staff(on_team, now - timedelta(minutes=20)))


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
