"""What a signature covers: the exact content, as canonical JSON, and its SHA-256.

A later change of anything inside changes the hash, so every signature made before stops counting (architecture.md).
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from metstandard.records.editions import Edition
from metstandard.records.followup import Action
from metstandard.records.judging import Allotment, Judgement, TieRuling
from metstandard.records.recognition import Nomination, Nominee
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat, Waiver
from metstandard.records.sheets import AgreedLevel, Finding, Mark, NewEvidence, Paragraph, Point, Sheet
from metstandard.rules.case import Record, kind_of, review_of

Content = dict[str, Any]


def _rows(rows: Iterable[SQLModel], *fields: str) -> list[Content]:
    return [{field: getattr(row, field) for field in fields} for row in rows]


def _commission(session: Session, review: Review) -> Content:
    editions = [session.get_one(Edition, one) for one in (review.workflow_edition_id, review.rubric_edition_id)]
    return {
        "reference": review.reference, "unit": review.unit_id, "committee": review.committee_id,
        "origin": review.origin, "scope": review.scope, "starts_on": review.starts_on, "ends_on": review.ends_on,
        "editions": [one.sha256 for one in editions],
    }  # fmt: skip


def _scope(session: Session, review: Review) -> Content:
    return _commission(session, review) | {
        "focus_areas": review.focus_areas, "not_applicable": review.not_applicable, "data": review.data_request,
    }  # fmt: skip


def _consensus(session: Session, review: Review) -> Content:
    levels = session.exec(
        select(AgreedLevel).where(AgreedLevel.review_id == review.key).order_by(AgreedLevel.criterion)
    ).all()
    findings = session.exec(
        select(Finding)
        .where(Finding.review_id == review.key, col(Finding.removed_at).is_(None))
        .order_by(col(Finding.id))
    ).all()
    marks = session.exec(
        select(Mark)
        .join(Sheet)
        .where(Sheet.review_id == review.key, col(Sheet.locked_at).is_not(None))
        .order_by(col(Mark.id))
    ).all()
    named = session.exec(
        select(NewEvidence).join(AgreedLevel).where(AgreedLevel.review_id == review.key).order_by(col(NewEvidence.id))
    ).all()
    found = _scope(session, review) | {
        "levels": _rows(levels, "criterion", "level", "rationale", "discussion", "new_evidence", "dissent"),
        "findings": _rows(findings, "criterion", "grade", "text", "recommendation"),
        "marks": _rows(marks, "sheet_id", "criterion", "level", "strengths", "improvements", "confidence"),
    }
    # Left out where nothing is named, so that what was signed before items could be named keeps its hash.
    return found | ({"named": _rows(named, "agreed_id", "evidence_id")} if named else {})


def _moderation(session: Session, review: Review) -> Content:
    levels = session.exec(
        select(AgreedLevel).where(AgreedLevel.review_id == review.key).order_by(AgreedLevel.criterion)
    ).all()
    paragraphs = session.exec(
        select(Paragraph).where(Paragraph.review_id == review.key).order_by(col(Paragraph.number))
    ).all()
    points = session.exec(select(Point).where(Point.review_id == review.key).order_by(col(Point.id))).all()
    return _consensus(session, review) | {
        "moderated": _rows(levels, "criterion", "moderated", "moderation_reason"),
        "paragraphs": _rows(paragraphs, "number", "section", "text"),
        "points": _rows(points, "paragraph_id", "proposed", "answer", "reason"),
        "statement": review.statement,
    }


def _decision(session: Session, review: Review) -> Content:
    found = _moderation(session, review) | {"outcome": review.chosen_outcome, "exception": review.exception_reason}
    waivers = session.exec(select(Waiver).where(Waiver.review_id == review.key).order_by(col(Waiver.id))).all()
    return found | {"waivers": _rows(waivers, "person_id", "rule", "reason")} if waivers else found


def _follow_up(session: Session, review: Review) -> Content:
    actions = session.exec(select(Action).where(Action.review_id == review.key).order_by(col(Action.id))).all()
    return {"reference": review.reference, "actions": _rows(actions, "id", "state", "plan", "effect")}


def _nomination(session: Session, nomination: Nomination, purpose: str) -> Content:
    """What is decided upon or revoked: the nomination as locked, its nominees, and where it stands."""
    nominees = session.exec(
        select(Nominee)
        .where(Nominee.nomination_id == nomination.key, col(Nominee.left_at).is_(None))
        .order_by(col(Nominee.id))
    ).all()
    return {
        "reference": nomination.reference, "act": purpose, "round": nomination.round, "scheme": nomination.scheme,
        "category": nomination.category, "title": nomination.title, "citation": nomination.citation,
        "account": nomination.account, "awarded": nomination.awarded,
        "nominees": _rows(nominees, "id", "name", "role", "body", "service", "died"),
        **(_judged(session, nomination) if purpose == "decide" else {}),
    }  # fmt: skip


def _judged(session: Session, nomination: Nomination) -> Content:
    """What the judges and their chair hand to whoever decides."""
    judgements = session.exec(
        select(Judgement)
        .join(Allotment, col(Allotment.id) == Judgement.allotment_id)
        .where(
            Allotment.nomination_id == nomination.key,
            col(Allotment.locked_at).is_not(None),
            col(Allotment.ended_at).is_(None),
        )
        .order_by(col(Judgement.id))
    ).all()
    rulings = session.exec(
        select(TieRuling).where(TieRuling.nomination_id == nomination.key).order_by(col(TieRuling.id))
    ).all()
    return {
        "judgements": _rows(judgements, "allotment_id", "criterion", "level", "words"),
        "ties": _rows(rulings, "place", "reason"),
        "shown": nomination.shown,
    }


_REVIEW: dict[str, Callable[[Session, Review], Content]] = {
    "commissioning": _commission,
    "agree_scope": _scope,
    "consensus": _consensus,
    "moderation": _moderation,
    "decision": _decision,
    "follow_up": _follow_up,
}


def content(session: Session, record: Record, purpose: str) -> Content:
    """Everything that a signature for `purpose` approves, in plain values."""
    if isinstance(record, Review) and purpose in _REVIEW:
        return _REVIEW[purpose](session, record)
    if isinstance(record, Nomination):
        return _nomination(session, record, purpose)
    seats = session.exec(
        select(Seat)
        .where(Seat.review_id == review_of(session, record).key, col(Seat.status).in_(HOLDING))
        .order_by(col(Seat.id))
    ).all()
    return {
        "kind": kind_of(record), "id": record.key, "act": purpose, "state": record.state,
        "since": record.state_since.isoformat(), "seats": [one.key for one in seats],
    }  # fmt: skip


def of_waiver(waiver: Waiver) -> Content:
    """What both keys approve when they waive a rule for one person."""
    return {"review": waiver.review_id, "person": waiver.person_id, "rule": waiver.rule, "reason": waiver.reason}


def hashed(value: Content) -> str:
    """SHA-256 of canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(_canonical(value).encode()).hexdigest()


def _canonical(value: Content) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)


def plain(value: Content) -> Content:
    """The content as it is hashed, with days and closed sets as text: what a look keeps."""
    found: Content = json.loads(_canonical(value))
    return found


def digest(session: Session, record: Record, purpose: str) -> str:
    """The hash of what a signature for `purpose` would approve now."""
    return hashed(content(session, record, purpose))
