"""One whole review through the actions, from proposal to closed follow-up."""

from sqlmodel import select

from metstandard.records.certificates import Certificate
from tests.factories.programme import Programme
from tests.factories.stages import played_to


def test_a_review_goes_from_proposal_to_closed_follow_up_and_leaves_a_certificate(programme: Programme) -> None:
    """Every stage is reached in order; the certificate takes number 1 and is valid for 36 months."""
    play = played_to(programme, "closed")
    certificate = programme.session.exec(select(Certificate)).one()
    assert (play.review.state, play.review.outcome, certificate.title, certificate.state) == (
        "closed", "ACHIEVED", "MS-0001", "current",
    )  # fmt: skip
    assert certificate.valid_until.year - certificate.decided_on.year == 3
