"""What the letters of a whole review say, and what they never say (interface.md 29)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlmodel import Session, select

from metstandard.common.settings import settings
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter
from metstandard.rules import vocabulary
from tests.factories.kept import database_at
from tests.factories.programme import Programme
from tests.factories.stages import played_to

LINK = re.compile(r"https?://\S+")
LONGEST_SENTENCE = 25
PARTS = (
    "programme_officer", "authority_key", "commissioner_principal", "commander", "unit_author", "link_member",
    "reviewer", "lead_reviewer", "moderator", "deputy", "action_owner", "verifier", "press_officer",
)  # fmt: skip
FACTS: dict[str, Any] = {
    "person": "Programme officer", "base_url": "http://site", "today": date(2026, 10, 1), "due": date(2026, 10, 14),
    "starts_on": date(2027, 1, 5), "reference": "MSR-2026-0001", "unit": "Camden BOCU", "stage": "Scoring",
    "unit_stage": "The panel is scoring", "marking": "OFFICIAL-SENSITIVE", "link": "http://site/to/review/1",
    "seat": "local authority", "until": datetime(2026, 10, 14, 11, tzinfo=UTC), "late": 0, "state": "scoring",
    "timer": "sheets", "wanted": "comment", "lines": ["The first line.", "The second line."],
    "answer_by": date(2026, 10, 14), "virus": "Win.Test.EICAR_HDB-1", "signed": True, "family": False, "public": True,
}  # fmt: skip


def sentences(text: str) -> list[str]:
    """The sentences of a plain text; a line of its own counts as one."""
    return [one.strip() for line in text.splitlines() for one in re.split(r"(?<=[.?!])\s+", line) if one.strip()]


def rendered(name: str, part: str, **facts: object) -> tuple[str, str, str]:
    """Subject, text and HTML of a letter to somebody in a part."""
    known = {**FACTS, "part": part, **facts}
    known["subject"] = compose.rendered(name, "subject.txt", known)
    return known["subject"], compose.rendered(name, "body.txt", known), compose.rendered(name, "body.html", known)


def words_of(html: str) -> str:
    """The text that a reader of the HTML sees."""
    return BeautifulSoup(html, "html.parser").get_text(" ", strip=True)


@pytest.mark.parametrize("name", sorted(vocabulary.letters()))
def test_every_letter_is_short_marked_and_has_one_link_for_every_part(name: str) -> None:
    for part in PARTS:
        subject, text, html = rendered(name, part)
        assert subject.startswith("OFFICIAL-SENSITIVE: ")
        assert "\n" not in subject
        assert (text.splitlines()[0], text.splitlines()[-1]) == ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE")
        assert LINK.findall(text) == ["http://site/to/review/1"]
        assert [one["href"] for one in BeautifulSoup(html, "html.parser").find_all("a")] == ["http://site/to/review/1"]
        assert "You get this letter because " in text
        assert [one for one in sentences(text) if len(one.split()) > LONGEST_SENTENCE] == []


@pytest.mark.parametrize("name", sorted(vocabulary.letters()))
def test_text_and_html_say_the_same(name: str) -> None:
    for part in PARTS:
        subject, text, html = rendered(name, part)
        said = words_of(html).removeprefix(subject).strip()
        plain = " ".join(text.replace(":\nhttp://site/to/review/1", "").split())
        assert re.sub(r"\s+(?=[.,:)])", "", said) == plain


def test_a_reminder_says_what_is_due_and_when_and_by_how_much_it_is_late() -> None:
    before = rendered("reminder", "reviewer")
    today = rendered("reminder", "reviewer", today=date(2026, 10, 14))
    after = rendered("reminder", "reviewer", today=date(2026, 10, 19), late=3)
    start = "OFFICIAL-SENSITIVE: Reminder: lock your score sheet for Camden BOCU"
    assert [before[0], after[0]] == [
        f"{start}, by 14 October 2026 (MSR-2026-0001)",
        f"{start}, overdue by 3 working days (MSR-2026-0001)",
    ]
    assert [one[1].splitlines()[6] for one in (before, today, after)] == [
        "It is due on 14 October 2026.",
        "It is due today, 14 October 2026.",
        "It was due on 14 October 2026 and is overdue by 3 working days.",
    ]


def test_every_timer_of_our_workflows_has_words_of_its_own() -> None:
    from metstandard.rules.editions import newest_workflow  # noqa: PLC0415 (reads the settings of this test)

    spoken = {
        rendered("reminder", "commander", state=state.name, timer=timer.name)[0]
        for name in ("assessment", "certificate", "action")
        for state in newest_workflow(name)[0].states.values()
        for timer in state.timers
    }
    assert [subject for subject in spoken if "act on Camden" in subject] == []


def test_a_past_due_date_is_not_promised() -> None:
    subject, _, _ = rendered("commission_to_turn", "authority_key", today=date(2026, 10, 15))
    assert subject == "OFFICIAL-SENSITIVE: Turn your key on the commission of Camden BOCU (MSR-2026-0001)"


def test_the_letters_of_a_whole_review_name_nobody_else_and_give_no_scores(data: Path, session: Session) -> None:
    database_at("closed", data / "metstandard.db")
    people = {one.key: one for one in session.exec(select(Person)).all()}
    letters = session.exec(select(Letter)).all()
    assert {letter.name for letter in letters} == {
        "commission_to_turn", "commissioned", "seat_offered", "seat_accepted", "interest_declared", "panel_published",
        "panel_confirmed", "self_assessment_submitted", "visit_planned", "scoring_open",
        "all_sheets_in", "consensus_signed", "draft_sent", "moderation_to_sign", "points_to_answer",
        "decision_to_turn", "decided", "result", "publication_due", "published", "feedback_asked", "certificate_issued",
        "action_assigned", "plan_submitted", "action_claimed", "action_verified", "follow_up_closed",
    }  # fmt: skip
    for letter in letters:
        said = f"{letter.subject} {LINK.sub('', letter.text)} {words_of(letter.html)}"
        others = [one.name for key, one in people.items() if key != letter.person_id and one.name in said]
        assert others == [], letter.name
        assert letter.person_id is not None
        assert f"Dear {people[letter.person_id].name}," in letter.text
        assert re.findall(r"\b\d+\.\d|ACHIEVED|\blevel [0-4]\b|%", said) == [], letter.name
        assert letter.text.count("http://127.0.0.1:8000/to/") == 1, letter.name


def test_nobody_is_told_twice_of_one_event_nor_of_an_act_of_their_own(programme: Programme) -> None:
    play = played_to(programme, "panel_forming")
    letters = [
        (letter.name, person.email.split("@")[0])
        for letter, person in play.session.exec(select(Letter, Person).join(Person).order_by(Letter.id)).all()  # type: ignore[arg-type]
    ]
    assert letters == [
        ("commission_to_turn", "authority"),
        ("commission_to_turn", "commissioner"),
        ("commissioned", "officer"),
        ("commissioned", "commander"),
        ("commissioned", "link"),
    ]


def test_names_never_become_markup_or_a_link(programme: Programme, session: Session) -> None:
    person = programme["officer"]
    person.name = "<a href='http://evil.example'>Click</a>\nwww.evil.example \u202emoc.live me@evil.example"
    made = compose.owe(
        session, "password_reset", to=person, once="x",
        facts={"link": "http://site/link/1", "until": FACTS["until"], "marking": "OFFICIAL"},
    )  # fmt: skip
    assert made is not None
    name = "<a href='http: //evil. example'>Click</a> www. evil. example moc. live me@ evil. example"
    assert made.text.splitlines()[2] == f"Dear {name},"
    found = BeautifulSoup(made.html, "html.parser")
    assert [one["href"] for one in found.find_all("a")] == ["http://site/link/1"]
    assert f"Dear {name}," in found.get_text()


def test_an_ordinary_name_stays_as_it_is() -> None:
    names = ["Zoë O'Brien-Smith", "Commander of Camden BOCU", "SCD1 Homicide and Serious Crime", "Anne-Marie d'Arcy"]
    assert [compose.plain(name) for name in names] == names


@pytest.mark.parametrize("address", ["a@example.org\nBcc: b@example.org", "a@example.org\r\n", "a\x00@example.org"])
def test_an_address_that_would_break_the_header_is_refused(
    programme: Programme, session: Session, address: str
) -> None:
    from metstandard.common.errors import Invalid  # noqa: PLC0415 (beside its only use)

    person = programme["officer"]
    person.email = address
    facts = {"link": "http://site/link/1", "until": FACTS["until"], "marking": "OFFICIAL"}
    with pytest.raises(Invalid) as refused:
        compose.owe(session, "password_reset", to=person, once="x", facts=facts)
    assert refused.value.field == "email"


def test_an_organisations_own_template_sees_nothing_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jinja2.exceptions import SecurityError  # noqa: PLC0415 (beside its only use)

    folder = tmp_path / "letters" / "leak"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("{{ person.__class__.__mro__ }}")
    monkeypatch.setenv("METSTANDARD_TEMPLATES", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(SecurityError):
        compose.rendered("leak", "subject.txt", FACTS)


def test_a_folder_that_begins_with_an_underscore_is_no_letter() -> None:
    assert (settings().templates / "letters" / "_layout").is_dir()
    assert "_layout" not in vocabulary.letters()
    assert "reminder" in vocabulary.letters()
