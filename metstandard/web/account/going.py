"""`/to/<kind>/<number>`: the address in every letter. It leads each person to the page of their own door."""

from __future__ import annotations

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from metstandard.queries import nominations, reviews
from metstandard.queries.nominations import OFFICE
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review
from metstandard.rules.recognition import allotment_of, parts_in
from metstandard.web.account.door import door
from metstandard.web.shared.access import SIGNED_IN, found, open_to
from metstandard.web.shared.database import session


@door.get("/to/<any(review, certificate, action, nomination):kind>/<int:number>")
@open_to(SIGNED_IN)
def to(kind: str, number: int) -> ResponseReturnValue:
    """The record's page at the door that this person has for it; the same 404 for a stranger and for no record.

    Somebody with two parts gets the door that shows less.
    """
    places = {
        "review": _to_review, "certificate": _to_certificate, "action": _to_action, "nomination": _to_nomination,
    }  # fmt: skip
    place = places[kind](number)
    return redirect(found(place), code=303)


def _door_of(review: Review) -> str | None:
    """`units`, `reviewers` or `authority`; None for a stranger."""
    if reviews.for_unit(session(), g.person, review.reference) is not None:
        return "units"
    if reviews.for_reviewer(session(), g.person, review.reference) is not None:
        return "reviewers"
    if reviews.for_deputy(session(), g.person, review.reference, "lead_reviewer") is not None:
        return "reviewers"
    if reviews.for_staff(session(), g.person, review.reference) is not None:
        return "authority"
    return None


def _to_review(number: int) -> str | None:
    review = session().get(Review, number)
    where = _door_of(review) if review else None
    return url_for(f"{where}.review", reference=review.reference) if review and where else None


def _to_certificate(number: int) -> str | None:
    certificate = session().get(Certificate, number)
    if certificate is None:
        return None
    review = session().get_one(Review, certificate.review_id)
    where = _door_of(review)
    if where == "units":
        return url_for("units.review_result", reference=review.reference)
    if where == "authority":
        return url_for("authority.certificate", number=certificate.number)
    return url_for("public.certificate", number=certificate.title)


def _to_action(number: int) -> str | None:
    action = session().get(Action, number)
    if action is None:
        return None
    where = _door_of(session().get_one(Review, action.review_id))
    if where == "units" or action.owner_id == g.person.key:
        return url_for("units.action", number=number)
    if where == "reviewers":
        return url_for("reviewers.action", number=number)
    return url_for("authority.followup_action", number=number) if where else None


def _to_nomination(number: int) -> str | None:
    """The nominator's own page, the judge's, or the Authority's: whoever has two parts gets what shows less."""
    one = session().get(Nomination, number)
    if one is None:
        return None
    if one.nominator_id == g.person.key and OFFICE not in nominations.seen_by(session(), g.person, one):
        return url_for("public.nomination", key=one.reference)
    if allotment_of(session(), one, g.person) is not None:
        return url_for("reviewers.nomination", reference=one.reference)
    if nominations.seen_by(session(), g.person, one):
        return url_for("authority.nomination", reference=one.reference)
    if "judging_chair" in parts_in(session(), g.person, one):
        return url_for("reviewers.nomination_moderation", reference=one.reference)
    return None
