"""An award is revoked by two keys of two parties, each with a reason, over what both were shown."""

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import revoking
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.records.journal import JournalLine
from metstandard.records.judging import Award
from metstandard.rules.content import digest
from tests.factories.judged import judged_to
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme


def test_it_takes_both_keys_and_the_number_stays(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "presented")
    seen = digest(session, one, "revoke")
    given = {"reason": "It was not so.", "seen": seen}
    assert not revoking.revoke(session, one, by=programme["authority"], **given)
    assert not revoking.revoke(session, one, by=programme["authority"], **given)
    assert one.state == "presented"
    assert revoking.revoke(session, one, by=programme["committee"], **given)
    assert revoking.revoke(session, one, by=programme["committee"], **given)
    lines = session.exec(select(JournalLine).where(JournalLine.act == "revoke")).all()
    assert [(line.part, line.after) for line in lines] == [("authority_key", "presented"), ("committee_key", "revoked")]
    assert session.exec(select(Award.number)).all() == [1]


def test_a_reason_is_given_and_what_changed_is_not_signed(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "announced")
    with pytest.raises(Invalid, match="Give a reason"):
        revoking.revoke(session, one, by=programme["authority"], reason=" ", seen=digest(session, one, "revoke"))
    session.rollback()
    with pytest.raises(Invalid, match="has changed"):
        revoking.revoke(session, one, by=programme["authority"], reason="Why.", seen="another")


def test_nothing_is_revoked_before_it_is_announced_nor_by_others(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "embargoed")
    with pytest.raises(NotNow):
        revoking.revoke(session, one, by=programme["authority"], reason="Why.", seen=digest(session, one, "revoke"))
    session.rollback()
    judged_to(programme, one, "announced")
    for word in ("officer", "press", "commissioner"):
        with pytest.raises(NotYours):
            revoking.revoke(session, one, by=programme[word], reason="Why.", seen=digest(session, one, "revoke"))
        session.rollback()
