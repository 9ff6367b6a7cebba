"""The part of a nomination's page that leads to the pages of its later stages."""

from __future__ import annotations

from typing import Any

from flask import url_for

from metstandard.queries.judging import sealed
from metstandard.records.recognition import Nomination
from metstandard.web.authority.recognition.viewing import OFFICER, section

CHECKED = (
    "checks", "sifted", "shortlisted", "judged", "moderated", "decided", "consented", "embargoed", "announced",
    "presented", "archived", "held",
)  # fmt: skip
_FROM_DECISION = ("decided", "consented", "embargoed", "announced", "presented", "archived", "revoked")
_GIVEN = ("announced", "presented", "archived", "revoked")


@section("_stages.html", place=20)
def stages(nomination: Nomination, parts: frozenset[str]) -> dict[str, Any] | None:
    """Links to what this viewer may read or do from the checks on; None where there is none."""
    found = [
        {"text": text, "href": url_for(f"authority.nomination_{page}", reference=nomination.reference)}
        for text, page, holds in _pages(nomination, parts)
        if holds
    ]
    acts = {"record_presentation": "announced", "archive": "presented"}
    open_to_office = [act for act, state in acts.items() if OFFICER in parts and nomination.state == state]
    return {"pages": found, "acts": open_to_office, "reference": nomination.reference} if found else None


def _pages(one: Nomination, parts: frozenset[str]) -> list[tuple[str, str, bool]]:
    office = OFFICER in parts
    key = any(part.endswith(("_key", "_principal")) for part in parts)
    awarded = one.awarded is True
    return [
        ("Answer the check", "check", bool(parts & {"standards_officer", "sponsor"}) and one.state in CHECKED),
        ("Checks and publication", "checks", office and one.state in CHECKED),
        ("Judges", "judging", office and one.state in {"sifted", "shortlisted", "judged"}),
        ("Decision", "decision", (office or key) and not sealed(one)),
        ("Consent of the nominees", "consent", office and awarded and one.state in _FROM_DECISION),
        (
            "Announcement", "announcement",
            bool(parts & {OFFICER, "press_officer"}) and awarded and one.state in {"consented", "embargoed", *_GIVEN},
        ),
        ("Thanks and feedback", "feedback", office and not awarded and one.state == "archived"),
        ("Revoke this award", "revoke", key and awarded and one.state in _GIVEN),
    ]  # fmt: skip
