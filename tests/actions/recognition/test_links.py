"""A link opens one part of one nomination, for its days, and is kept as a hash only."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from metstandard.actions.recognition import links
from metstandard.common import clock, ids
from metstandard.records.recognition import NominationLink
from tests.factories.nominations import drafted
from tests.factories.programme import Programme


def test_a_link_opens_its_part_until_its_day(session: Session, programme: Programme) -> None:
    """Ninety days by the file; one second later it is shut."""
    one = drafted(session)
    secret = links.give(session, one, "nominator")
    found = links.opened(session, secret, "nominator")
    assert found is not None
    assert (found.nomination_id, found.token_hash) == (one.key, ids.token_hash(secret))
    with clock.pinned_to(found.expires_at):
        assert links.opened(session, secret, "nominator") is None
    with clock.pinned_to(found.expires_at - timedelta(seconds=1)):
        assert links.opened(session, secret, "nominator") is not None
    assert [links.opened(session, secret, part) for part in ("seconder", "nominee")] == [None, None]
    assert links.opened(session, "guessed", "nominator") is None


def test_ended_links_open_nothing_and_others_stay(session: Session, programme: Programme) -> None:
    """Links about one seconder end alone, or all of a part at once."""
    one = drafted(session)
    first, second = (links.give(session, one, "seconder", about_id=number) for number in (1, 2))
    links.end(session, one, "seconder", about_id=1)
    assert links.opened(session, first, "seconder") is None
    assert links.opened(session, second, "seconder") is not None
    links.end(session, one, "seconder")
    assert links.opened(session, second, "seconder") is None


def test_no_secret_is_kept_outside_the_letter(session: Session, programme: Programme) -> None:
    """The table holds hashes of 64 digits."""
    one = drafted(session)
    secret = links.give(session, one, "nominator")
    hashes = session.exec(select(NominationLink.token_hash)).all()
    assert secret not in hashes
    assert {len(each) for each in hashes} == {64}
    assert links.address(secret, "nominator").endswith(f"/nominations/{secret}")
