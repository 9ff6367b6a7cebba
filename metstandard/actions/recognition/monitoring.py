"""Equality monitoring: what nominees say of themselves if they wish; read in totals only (recognition.md D2)."""

from collections.abc import Mapping

from sqlmodel import Session

from metstandard.common.errors import Invalid, NotNow
from metstandard.records.judging import Monitoring
from metstandard.records.recognition import Nomination, Nominee
from metstandard.rules.editions import rubric_of


def questions(session: Session, nomination: Nomination) -> dict[str, tuple[str, ...]]:
    """Each question of the rubric with the answers it offers."""
    section = rubric_of(session, nomination).recognition
    return dict(section.monitoring) if section else {}


def answer(session: Session, nomination: Nomination, nominee: Nominee, *, answers: Mapping[str, str]) -> None:
    """Keep a nominee's answers once, apart from the nominee; an empty answer is left out.

    The caller has opened the nominee's link. No journal line, no moment: nothing ties an answer to a person.
    Raises NotNow a second time, Invalid for an answer that is not offered.
    """
    session.refresh(nominee, with_for_update=True)
    if nominee.monitored:
        raise NotNow("You have answered these questions already. Thank you")
    asked = questions(session, nomination)
    given = {word: said for word, said in answers.items() if said}
    for word, said in given.items():
        if said not in asked.get(word, ()):
            raise Invalid("Choose one of the answers, or none", field=word)
    nominee.monitored = True
    session.add(nominee)
    if given:
        session.add(Monitoring(nomination_id=nomination.key, answers=given))
    session.flush()
