"""Holds doing a step of a ladder: who is told now, by which message, and what a person has to ring about."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from strategy.act import Act
from strategy.commands import calls, chases, events, messages, taking
from strategy.commands.messages import Recipient
from strategy.db import db
from strategy.models import CallTask, ChaseStep, Invitation, Message
from strategy.queries import ladders, refusals, reply_codes, rungs
from strategy.queries.absences import others_came
from strategy.queries.chasing import Due
from strategy.queries.ladders import Climb
from strategy.queries.rungs import Holder
from strategy.rules.chase import Done, Step
from strategy.vocabulary import CallState, ChaseKind, EventVerb, MessageReason, MessageState, News, StepKind

# The message of each rung before a discussion (domain section 12).
_MESSAGES = {0: "chase", 1: "supervisor", 2: "supervisor"}


def climb(due: Due, act: Act) -> str | None:
    """Do the step that row says is due, once: what was done, or None when somebody else was first.

    The rules are asked again, since facts may have changed and rungs slept through collapse into the highest.
    """
    chase = taking.take(due, act)
    if chase is None:
        return None
    invitation, kind = chase.asked, chase.kind
    ladder = ladders.climb_of(invitation, kind)
    step = None if ladder is None else ladder.next_step(act.at)
    done = "nothing was due any more"
    if ladder is not None and step is not None and step.due_at <= act.at:
        done = _Climbing(invitation, kind, ladder, act).do(step)
    chases.replan(invitation, act)
    return f"{invitation.discussion.reference} {invitation.role}: {done}"


@dataclass(frozen=True, slots=True)
class _Climbing:
    """One step of one ladder, at this moment."""

    invitation: Invitation
    kind: ChaseKind
    ladder: Climb
    act: Act

    def do(self, step: Step) -> str:
        """Tell whoever is on that rung; where nobody can be told, go on to the next one at once."""
        if step.rung is None:
            return self._ask_caller(step)
        holder = rungs.holder(self.invitation, step.rung, self.ladder.ladder, self.act.at)
        key = self._key()
        covered = self._cover(step, step.rung, key)
        skipped = rungs.passed_over(self.invitation, step.rung)
        if skipped:
            whom = f"Rung {step.rung}" if holder is None else f"Somebody on rung {step.rung}"
            self._event(EventVerb.CONFLICT_SKIPPED, f"{whom} skipped: conflict of interest", step.rung)
        if holder is not None and _recipient(holder).reachable:
            return self._tell(holder, step, step.rung, key)
        if covered:
            self._record(step.kind, step.rung, f"Told {covered}")
            return covered
        if holder is None and skipped:
            return self._skip(step, step.rung)
        words = f"{rungs.title_of(self.ladder.ladder, step.rung)}: nobody listed" if holder is None else holder.words
        self._nobody(holder, step.rung, words, key)
        after = self._after(step)
        return f"{words} at rung {step.rung}; {after.do(after._following(step))}"

    def _skip(self, step: Step, rung: int) -> str:
        """Everybody on this rung is implicated: the next one takes over at once. Nobody is named."""
        self._record(step.kind, rung, "Skipped: conflict of interest")
        after = self._after(step)
        return f"rung {rung} skipped; {after.do(after._following(step))}"

    def _tell(self, holder: Holder, step: Step, rung: int, key: str) -> str:
        recipient = _recipient(holder)
        following = self._after(step).ladder.next_step(self.act.at)
        by = following.due_at if following is not None and following.due_at > self.act.at else None
        queued = self._queue(recipient, rung, key, by)
        how = " and ".join(message.channel.words.lower() for message in queued)
        words = f"{holder.words} by {how}"
        if ladders.immediate_risk(self.invitation) and rung > 0:
            self._ring(holder, "Immediate risk: ring as well, the message may lie unread", key)
        elif recipient.mobile is None and recipient.phone is not None:
            self._ring(holder, f"No text can go there, and {step.because}", key)
        done = f"{'Reminded' if rung == 0 else 'Told'} {words}"
        self._record(step.kind, rung, done)
        self._event(EventVerb.CLIMBED, f"{done}: {step.because}", rung)
        return words

    def _cover(self, step: Step, rung: int, key: str) -> str:
        """On a rung above the first, also tell the desk that answers out of hours; who was told, or nothing."""
        desk = rungs.cover(self.invitation, self.act.at) if rung and self.kind is ChaseKind.BEFORE else None
        if desk is None:
            return ""
        holder = rungs.desk_holder(desk)
        self._queue(_recipient(holder), rung, f"{key}:out-of-hours", None)
        if holder.phone:
            self._ring(holder, f"Their desk is closed, and {step.because}", f"{key}:out-of-hours")
        self._event(EventVerb.CLIMBED, f"Told {holder.words}, which answers out of hours: {step.because}", rung)
        return holder.words

    def _queue(self, recipient: Recipient, rung: int, key: str, by: datetime | None) -> list[Message]:
        title = rungs.title_of(self.ladder.ladder, rung) if rung else None
        if self.kind is ChaseKind.AFTER:
            about, reason = self.invitation, MessageReason.ABSENCE
            came = others_came(about)
            return messages.queue(
                "absence", recipient, about, reason, self.act, key=key, reason_by=by, others_came=came
            )
        name, refused = _MESSAGES.get(rung, "senior"), refusals.coded(self.invitation)
        return messages.queue(
            name,
            recipient,
            self.invitation,
            MessageReason.CHASE,
            self.act,
            key=key,
            answer_by=by,
            title=title,
            refused=refused,
            asked_others=self._asked_others(),
        )

    def _asked_others(self) -> bool:
        """Whether anybody up the ladder was written to: of rungs slept through, nobody was."""
        asked = select(Message.id).where(
            Message.invitation_id == self.invitation.id,
            Message.name.in_(("supervisor", "senior")),
            Message.state.not_in((MessageState.VOIDED, MessageState.FAILED)),
        )
        return db.session.scalar(asked.limit(1)) is not None

    def _nobody(self, holder: Holder | None, rung: int, words: str, key: str) -> None:
        """Nobody on this rung can be written to: say so, and have somebody ring where there is a number."""
        if holder is not None and holder.phone:
            self._ring(holder, "No email or text can go there: ring and ask who is coming", key)
        self._record(StepKind.RUNG, rung, f"Nobody could be told ({words})")
        self._event(EventVerb.RUNG_EMPTY, f"Nobody can be told at rung {rung} ({words})", rung)
        # Once a ladder: three empty rungs in a row are one piece of news.
        self._tell_staff(News.NOBODY_LISTED, messages.recipient_for(self.invitation.discussion.convener), self.kind)

    def _ask_caller(self, step: Step) -> str:
        """Nobody is left to tell: only a person can end this, by an answer, a waiver or somebody else in the place."""
        invitation, key = self.invitation, self._key()
        ours = invitation.user_id is not None
        caller = rungs.caller(invitation)
        waiting = select(CallTask.id).where(
            CallTask.invitation_id == invitation.id,
            CallTask.for_user_id == caller.id,
            CallTask.state == CallState.OPEN,
        )
        asked = rungs.asked(invitation, self.act.at)
        whom = f"somebody else as {invitation.role_words}" if ours else asked.words
        if db.session.scalar(waiting) is None:
            number = None if ours else asked.phone
            calls.ask(invitation, whom, number, self._because(step), self.act, key=key, for_user=caller)
        news = News.FIND_ANOTHER if ours else News.LADDER_ENDED
        self._tell_staff(news, messages.recipient_for(caller), key)
        self._record(step.kind, None, f"Asked {caller.full_name} to ring {whom}")
        self._event(EventVerb.CLIMBED, f"Asked {caller.full_name} to ring {whom}: {step.because}", None)
        return f"{caller.full_name} is asked to ring"

    def _because(self, step: Step) -> str:
        if self.invitation.user_id is None:
            return f"The whole ladder was climbed, and {step.because}"
        if self.kind is ChaseKind.AFTER:
            return f"{self.invitation.invitee} was to be there: {step.because}"
        return f"{self.invitation.invitee} cannot come. Put somebody else in their place: Replace, on the discussion"

    def _following(self, step: Step) -> Step:
        """The step after this one, to be done now; the chair's call where the rules know of no other."""
        found = self.ladder.next_step(self.act.at)
        return found or replace(step, kind=StepKind.CHAIR_CALL, rung=None)

    def _after(self, step: Step) -> "_Climbing":
        """The same ladder once this step is done."""
        done = (*self.ladder.facts.done, Done(step.kind, step.rung, self.act.at))
        return replace(self, ladder=replace(self.ladder, facts=replace(self.ladder.facts, done=done)))

    def _key(self) -> str:
        """This step's name in the outbox: how many steps this ladder has taken, ever."""
        taken = select(func.count()).where(ChaseStep.invitation_id == self.invitation.id, ChaseStep.kind == self.kind)
        return f"{self.kind}:{db.session.scalar(taken)}"

    def _ring(self, holder: Holder, because: str, key: str) -> None:
        calls.ask(self.invitation, holder.words, holder.phone, because, self.act, key=key)

    def _tell_staff(self, news: News, recipient: Recipient, key: str) -> None:
        messages.queue(
            "convener",
            recipient,
            self.invitation,
            MessageReason.CONVENER,
            self.act,
            key=f"{news}:{key}",
            news=news,
        )

    def _record(self, kind: StepKind, rung: int | None, told: str) -> None:
        step = ChaseStep(
            invitation_id=self.invitation.id, kind=self.kind, step=kind, rung=rung, at=self.act.at, told=told[:300]
        )
        db.session.add(step)
        db.session.flush()

    def _event(self, verb: EventVerb, text: str, rung: int | None) -> None:
        events.add(verb, text, self.act, invitation=self.invitation, facts={"ladder": self.kind, "rung": rung})


def _recipient(holder: Holder) -> Recipient:
    return Recipient(holder.name, holder.email, holder.phone, no_texts=reply_codes.texts_stopped(holder.phone))
