"""What must hold of awards holds after a whole story, and each breach is named."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from metstandard.queries.award_invariants import awards_earned
from metstandard.records.certificates import Series
from metstandard.records.judging import Allotment, Judgement
from metstandard.records.recognition import Consent, Nomination, Nominee
from metstandard.records.reviews import Signature
from tests.factories.judged import judged_to
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme


def _embargo(session: Session) -> None:
    one = session.exec(select(Nomination)).one()
    assert one.embargo_until is not None
    one.embargo_until += timedelta(seconds=1)


def _judge(session: Session) -> None:
    session.exec(select(Allotment)).all()[0].locked_at = None


def _decider(session: Session) -> None:
    session.exec(select(Signature).where(Signature.purpose == "decide")).one().person_id = session.exec(
        select(Allotment.person_id)
    ).all()[0]


def _consent(session: Session) -> None:
    session.exec(select(Nominee)).one().consent = Consent.DECLINED


def _mark(session: Session) -> None:
    session.exec(select(Judgement)).all()[0].saved_at += timedelta(days=1)


def _state(session: Session) -> None:
    session.exec(select(Nomination)).one().state = "presented"


def _series(session: Session) -> None:
    session.get_one(Series, "award").last = 2


BREACHES: dict[str, Callable[[Session], None]] = {
    "it was announced before its embargo was over": _embargo,
    "fewer judges locked a judgement than its workflow asks for": _judge,
    "no key holder who did not judge it has decided": _decider,
    "nobody has consented": _consent,
    "a mark for J1 was saved after it was locked": _mark,
    "it stands at presented, and its journal ends at announced": _state,
    "numbers are missing, or it does not stand at the last one given": _series,
}


@pytest.fixture
def announced(programme: Programme) -> Session:
    """The session after an award was announced."""
    judged_to(programme, nominated(recognisers(programme).session), "announced")
    assert list(awards_earned(programme.session)) == []
    return programme.session


@pytest.mark.parametrize(("said", "broken"), BREACHES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_each_breach_is_named(announced: Session, said: str, broken: Callable[[Session], None]) -> None:
    broken(announced)
    announced.flush()
    assert [what for _, what in awards_earned(announced)] == [said]
