"""A small cycle: reviews of boroughs whose panels are being formed, some weeks apart, and answers to proposals."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from metstandard.actions import panels
from metstandard.common.settings import settings
from metstandard.jobs.panels import Panels
from metstandard.jobs.solving import answer_to
from metstandard.panels.instance import Instance
from metstandard.panels.solution import Solution
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.cycles import PanelProposal, ProposalStatus
from metstandard.records.reviews import Review
from metstandard.rules.instances import instance_of, number_of
from tests.factories.programme import Programme
from tests.factories.stages import played_to

# What the reviewers of the small programme know of the rubric's first domain, so that one plan is the best.
KNOWN = {"peer1": 3, "peer2": 2, "peer3": 1, "council1": 1, "council2": 3, "council3": 2, "company1": 2, "company2": 3}


def forming(programme: Programme, *codes: str, weeks_apart: int = 3) -> list[Review]:
    """A review of each borough whose panel is being formed; the first visit is 100 days ahead."""
    found = []
    for number, code in enumerate(codes):
        review = played_to(programme, "panel_forming", unit=code).review
        review.starts_on += timedelta(weeks=number * weeks_apart)
        review.ends_on += timedelta(weeks=number * weeks_apart)
        found.append(review)
    for word, level in KNOWN.items():
        profile_of(programme, word).expertise = {"D1": level, "D2": level}
    programme.session.commit()
    return found


def profile_of(programme: Programme, word: str) -> ReviewerProfile:
    """What makes somebody able to sit."""
    query = select(ReviewerProfile).where(ReviewerProfile.person_id == programme[word].key)
    return programme.session.exec(query).one()


def asked(programme: Programme, reviews: list[Review], **chosen: object) -> PanelProposal:
    """A proposal asked for by the programme officer, committed."""
    made = panels.propose_panels(
        programme.session, reviews, by=programme["officer"], search=panels.Search(seconds=20), **chosen  # type: ignore[arg-type]
    )  # fmt: skip
    programme.session.commit()
    return made


def answer(engine: Engine) -> None:
    """Let the worker answer everything that is asked, in a process of its own as always."""
    Panels().finish(engine, settings(), threading.Event())


def answered(programme: Programme, reviews: list[Review], **chosen: object) -> PanelProposal:
    """A proposal with its answer."""
    made = asked(programme, reviews, **chosen)
    engine = programme.session.get_bind()
    assert isinstance(engine, Engine)
    answer(engine)
    programme.session.refresh(made)
    programme.session.commit()
    return made


def solved(programme: Programme, reviews: list[Review], **chosen: object) -> PanelProposal:
    """A proposal with its answer, worked out here instead of in the worker's process."""
    made = asked(programme, reviews, **chosen)
    session = programme.session
    wishes = panels.wishes_of(made)
    text = instance_of(session, reviews, wishes).to_json()
    question = {"instance": text, "seconds": 20, "seed": made.seed, "waived": list(wishes.waived)}
    found = answer_to(question, lambda _step: None)
    made.instance, made.solution, made.objective = text, found["solution"], found["objective"]
    made.bound, made.reason, made.status = found["bound"], found["reason"], ProposalStatus(found["status"])
    made.reasons = found.get("reasons")
    session.add(made)
    session.commit()
    return made


def plan_of(session: Session, proposal: PanelProposal) -> dict[str, dict[str, str]]:
    """Who sits where, by short word: {reference: {slot: word}}."""
    words = {person.key: word for word, person in Programme.of(session).people.items()}
    found: dict[str, dict[str, str]] = {}
    for one in Solution.parse(proposal.solution, Instance.parse(proposal.instance)).assignments:
        found.setdefault(one.review, {})[one.slot.value] = words[number_of(one.reviewer)]
    return found
