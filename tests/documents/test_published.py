"""From records to papers: what a report and a certificate say of a review that really was played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import Session, select

from metstandard.actions import followup
from metstandard.cli import main
from metstandard.common import words
from metstandard.documents import signing
from metstandard.documents.issued import certificate_paper
from metstandard.documents.published import report_paper
from metstandard.documents.report import html
from metstandard.records import database
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from tests.factories.certified import certified
from tests.factories.programme import Programme


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A database with Camden's published review."""
    file = tmp_path / "metstandard.db"
    file.write_bytes(certified())
    engine = database.engine(f"sqlite:///{file}")
    with Session(engine) as made:
        yield made
    engine.dispose()


@pytest.fixture
def review(session: Session) -> Review:
    """The review."""
    return session.exec(select(Review)).one()


def test_a_published_report_holds_what_the_review_brought(session: Session, review: Review) -> None:
    """Decision, levels, findings, right of reply, effort, panel, block."""
    paper = report_paper(session, review)
    assert (paper.decision.outcome, paper.decision.by_rule, paper.decision.certificate) == (
        "Met Standard achieved", "Met Standard achieved", "MS-0001",
    )  # fmt: skip
    assert [(key.party, key.name, key.role) for key in paper.decision.keys] == [
        ("Authority", "Authority key holder", "holder of the Authority's key"),
        ("Commissioner", "Commissioner's key holder", "holder of the Commissioner's key"),
    ]
    assert (len(paper.domains[0].criteria), paper.domains[0].shown) == (4, "75.0")
    assert [(one.grade.value, one.criterion) for one in paper.findings] == [("MINOR", "2.2"), ("GOOD", "2.2")]
    assert (paper.statement, paper.commander) == ("We thank the panel.", "Commander of Camden BOCU")
    assert (paper.effort.people, paper.effort.meetings, paper.effort.hours) == (56, 14, "10.5")
    assert [(one.seat, one.lead) for one in paper.panel] == [
        ("Peer", True), ("Local authority", False), ("Private", False),
    ]  # fmt: skip
    assert (paper.block.marking, paper.block.version, paper.block.issued_on) == ("OFFICIAL", "1.0", review.published_on)
    assert paper.threshold == 55


def test_every_paragraph_of_the_report_is_printed_once(session: Session, review: Review) -> None:
    """In the summary, under its domain or under its criterion."""
    paper = report_paper(session, review)
    numbers = [
        one.number
        for paragraphs in (
            *(part.paragraphs for part in paper.sections),
            *(domain.paragraphs for domain in paper.domains),
            *(each.paragraphs for domain in paper.domains for each in domain.criteria),
        )
        for one in paragraphs
    ]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert len(numbers) > 28


def test_follow_up_does_not_change_a_published_report(session: Session, review: Review, programme: Programme) -> None:
    """The plan makes version 1.1 of it; progress, verification and closed findings change nothing any more."""
    action = session.exec(select(Action)).one()
    followup.plan_action(session, action, by=programme["commander"], plan="We will.", owner=programme["author"], capital=100_00)  # noqa: E501  # fmt: skip
    assert report_paper(session, review).recommendations[0].owner == "The commander"
    followup.submit_action_plan(session, review, by=programme["commander"])
    with_plan = report_paper(session, review)
    assert (with_plan.block.version, with_plan.recommendations[0].capital) == ("1.1", "£100")
    review.plan_submitted_on = review.published_on  # the finding is to close after the day of issue
    session.flush()
    before = html(report_paper(session, review))
    followup.report_progress(session, action, by=programme["author"], text="Done.")
    followup.claim_done(session, action, by=programme["author"])
    followup.verify(session, action, by=programme["officer"], note="Minutes seen.")
    assert html(report_paper(session, review)) == before


def test_before_publication_the_report_carries_the_reviews_marking(session: Session, review: Review) -> None:
    """And says that it is not published."""
    review.published_on = None
    block = report_paper(session, review).block
    assert (block.marking, block.published, block.version) == ("OFFICIAL-SENSITIVE", False, "before publication")


def test_there_is_no_report_before_the_decision(session: Session, review: Review) -> None:
    """Whoever asks too early made a mistake."""
    review.outcome = review.decided_on = review.published_on = None
    with pytest.raises(ValueError, match="has not been decided"):
        report_paper(session, review)


def test_a_certificate_carries_the_head_of_the_journal_at_publication(session: Session) -> None:
    """Number, dates, both keys, address of verification."""
    one = session.exec(select(Certificate)).one()
    paper = certificate_paper(session, one)
    published = session.exec(select(JournalLine).where(JournalLine.act == "publish")).one()
    assert (paper.number, paper.status, paper.journal_head) == ("MS-0001", "current", published.hash)
    assert paper.verification_url == f"http://127.0.0.1:8000/verify/{one.code}"
    assert words.day(paper.valid_until) == words.day(one.valid_until)


@pytest.mark.parametrize(
    ("scope", "reads"),
    [("The whole command unit.", "the whole command unit"), ("the custody suites", "the custody suites"),
     ("Camden and its cells.", "Camden and its cells"), ("All of it", "all of it"), ("", "")],
)  # fmt: skip
def test_the_scope_reads_inside_the_sentence(session: Session, scope: str, reads: str) -> None:
    """An article becomes small, a full stop goes; names keep their capital."""
    paper = certificate_paper(session, session.exec(select(Certificate)).one())
    assert replace(paper, scope=scope).covered == reads
    assert replace(paper, commander="Commander of Camden BOCU").led_by == "the Commander of Camden BOCU"


def test_papers_writes_every_current_certificate_published_report_and_certificate_of_service(session: Session, review: Review, tmp_path: Path) -> None:  # noqa: E501  # fmt: skip
    """Under their numbers, telling how far it is and that nothing is signed; a withdrawn certificate is not written."""
    reference = review.reference
    session.rollback()
    done = CliRunner().invoke(main, ["papers", str(tmp_path / "out")])
    seats = ("local_authority", "peer", "private")
    names = ["certificate-MS-0001.pdf", f"report-{reference}.pdf", *(f"service-{reference}-{one}.pdf" for one in seats)]
    assert (done.exit_code, sorted(one.name for one in (tmp_path / "out").iterdir())) == (0, names)
    told = [line.split(" (")[0] for line in done.output.splitlines()]
    assert (told[0], told[1], told[-1]) == (f"[1/5] {names[0]}", f"[2/5] {names[1]}", signing.UNSIGNED)
    assert {line.split(" ")[1] for line in told[2:5]} == set(names[2:])
    session.exec(select(Certificate)).one().state = "withdrawn"
    session.commit()
    CliRunner().invoke(main, ["papers", str(tmp_path / "again")])
    assert sorted(one.name for one in (tmp_path / "again").iterdir()) == names[1:]
