"""A judge's own judgement: interests first, then marks that save while one types, then the lock (recognition.md D2)."""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, Stale
from metstandard.common.words import count
from metstandard.records.accounts import Person
from metstandard.records.judging import Allotment, Judgement, TieRuling
from metstandard.records.recognition import Nomination
from metstandard.records.seats import Interest
from metstandard.rules import ties
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.recognition import allotments, unmarked
from metstandard.rules.recognition import independent

UNDECIDED = ""
LONGEST = 4_000


def own_allotment(session: Session, nomination: Nomination, person: Person) -> Allotment:
    """A judge's allotment, locked against other tabs until the transaction ends. Raises NotFound without one."""
    query = (
        select(Allotment)
        .where(
            Allotment.nomination_id == nomination.key,
            Allotment.person_id == person.key,
            col(Allotment.ended_at).is_(None),
        )
        .with_for_update(of=Allotment)
        .execution_options(populate_existing=True)
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound("We could not find that page")
    return found


def declare_interests(
    session: Session, nomination: Nomination, *, by: Person, interest: Interest, words: str = ""
) -> Allotment:
    """Declare before anything of the nomination is shown. A prejudicial interest ends the allotment at once (COI-9).

    Raises Invalid when an interest is not described, NotNow after the lock.
    """
    turn = moving.begin(session, nomination, "declare_interests", by=by)
    mine = own_allotment(session, nomination, by)
    if mine.locked_at is not None:
        raise NotNow("Your judgement is locked")
    if interest is not Interest.NONE and not words.strip():
        raise Invalid("Describe the interest", field="detail", rule="COI-9")
    mine.interest, mine.interest_words, mine.declared_at = interest, words.strip(), clock.now()
    if interest is Interest.PREJUDICIAL:
        mine.ended_at, mine.reason = clock.now(), "A prejudicial interest"
    session.add(mine)
    turn.finish(data={"ended": interest is Interest.PREJUDICIAL})
    return mine


def stand_down(session: Session, nomination: Nomination, *, by: Person, reason: str) -> None:
    """Leave a nomination before one's judgement is locked; the programme office asks the next judge."""
    turn = moving.begin(session, nomination, "declare_interests", by=by)
    mine = own_allotment(session, nomination, by)
    if mine.locked_at is not None:
        raise NotNow("Your judgement is locked")
    if not reason.strip():
        raise Invalid("Give a reason", field="reason")
    mine.ended_at, mine.reason = clock.now(), reason.strip()
    session.add(mine)
    turn.finish(data={"ended": True})


def save_judgement(
    session: Session, nomination: Nomination, *, by: Person, criterion: str, level: str, words: str = "", revision: int
) -> Judgement:
    """Save one mark of one's own; an incomplete draft saves too, and what is saved already is left as it is.

    Raises NotNow before interests are declared and after the lock, Stale with both versions when `revision` is old.
    """
    moving.allow(session, nomination, "save_judgement", by=by)
    mine = own_allotment(session, nomination, by)
    _may_write(mine)
    rubric = rubric_of(session, nomination)
    if criterion not in rubric.criteria:
        raise NotFound("There is no such criterion")
    if level != UNDECIDED and level not in rubric.levels:
        raise Invalid("Choose one of the levels", field="level", rule="D2")
    text = words.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Invalid(f"Write at most {LONGEST:,} characters", field="words")
    query = select(Judgement).where(Judgement.allotment_id == mine.key, Judgement.criterion == criterion)
    mark = session.exec(query).first() or Judgement(allotment_id=mine.key, criterion=criterion)
    if (mark.level, mark.words) == (level, text):
        return mark
    if mark.revision != revision:
        raise Stale(
            "This criterion was saved elsewhere since you opened it.", mine={"level": level, "words": text},
            theirs={"level": mark.level, "words": mark.words, "revision": mark.revision},
        )  # fmt: skip
    mark.level, mark.words, mark.revision, mark.saved_at = level, text, revision + 1, clock.now()
    session.add(mark)
    session.flush()
    return mark


def _may_write(mine: Allotment) -> None:
    if mine.interest is None:
        raise NotNow("Declare your interests first")
    if mine.locked_at is not None:
        raise NotNow("Your judgement is locked: nobody changes it any more")


def lock_judgement(session: Session, nomination: Nomination, *, by: Person) -> Allotment:
    """Lock one's judgement for ever; a second time leaves it as it is. The last lock opens all of them to the chair.

    After a hold every judgement may be locked already: then the first judge who confirms theirs goes on.
    Raises Invalid naming what is missing.
    """
    session.refresh(nomination, with_for_update=True)
    mine = own_allotment(session, nomination, by)
    if mine.locked_at is not None and not (nomination.state == "shortlisted" and all_locked(session, nomination)):
        return mine
    turn = moving.begin(session, nomination, "lock_judgement", by=by)
    mine = own_allotment(session, nomination, by)
    if mine.locked_at is None:
        _may_write(mine)
        missing = unmarked(session, nomination, mine)
        if missing:
            short = count(len(missing), "criterion has", "criteria have")
            raise Invalid(f"{short} no mark: {missing[0]} first", field=missing[0], rule="D2")
        mine.locked_at = clock.now()
        session.add(mine)
    turn.finish()
    return mine


def all_locked(session: Session, nomination: Nomination) -> bool:
    """Whether nothing is sealed any more."""
    judges = allotments(session, nomination)
    return bool(judges) and all(one.locked_at is not None for one in judges)


def rule_on_tie(session: Session, nomination: Nomination, *, by: Person, places: dict[str, int], reason: str) -> None:
    """Order nominations with equal scores, with a reason; `places` gives each reference its place, 1 first (D2).

    Raises Invalid for places that are not 1 to n, NotNow without a tie, RuleBroken for a chair who is not independent.
    """
    turn = moving.begin(session, nomination, "rule_on_tie", by=by)
    independent(session, nomination, by)
    group = {one.reference: one for one in [nomination, *ties.tied(session, nomination)]}
    if len(group) == 1:
        raise NotNow("This nomination is tied with no other")
    if set(places) != set(group) or sorted(places.values()) != list(range(1, len(group) + 1)):
        raise Invalid(f"Give each nomination a place of its own, from 1 to {len(group)}", field="places")
    if not reason.strip():
        raise Invalid("Give a reason", field="reason")
    for reference, one in group.items():
        session.add(
            TieRuling(
                nomination_id=one.key, tied_with=sorted(each.key for each in group.values() if each is not one),
                place=places[reference], reason=reason.strip(), ruled_by_id=by.key, ruled_at=clock.now(),
            )
        )  # fmt: skip
    turn.finish(note=reason, data={"places": dict(sorted(places.items()))})


def moderate(session: Session, nomination: Nomination, *, by: Person, words: str = "") -> None:
    """Pass a judged nomination on to the Authority; no mark is changed. Raises NotOpen while a tie is open."""
    turn = moving.begin(session, nomination, "moderate", by=by)
    independent(session, nomination, by)
    turn.finish(note=words)
