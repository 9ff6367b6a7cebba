"""Every rule from the consensus to the right of reply, tried the wrong way in a browser: refused by name, nothing kept.

Each line of a table is a rule, the wrong act, and the sentence with which it is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.actions import accuracy, risks
from metstandard.actions.samples import fill_consensus
from metstandard.records.base import Marking
from metstandard.records.evidence import Activity, Evidence, Interviewee
from metstandard.records.reviews import Review
from metstandard.records.risks import Containment, ImmediateRisk
from metstandard.records.sheets import AgreedLevel, Answer, Finding, Mark, Paragraph, Point
from tests.factories.agreeing import FOUND
from tests.factories.browser import filled, form_of, press, soup
from tests.factories.visiting import Visit, visiting, words

Way = Callable[[Visit], TestResponse]
SENT = {"marking_checked": "y", "nobody_named": "y"}


def said(answer: TestResponse) -> str:
    """The words of the page that answers."""
    return words(soup(answer))


def state(visit: Visit) -> str:
    with visit.rows() as session:
        return session.exec(select(Review.state)).one()


# Consensus: 1.1 was marked 4, 3, 1 and 1.4 was marked 2, 3, 3; everything is agreed but for what a way spoils.


def sign_after(**spoilt: str) -> Way:
    """Spoil the agreed level of a criterion, then sign the page that was open before."""

    def way(visit: Visit) -> TestResponse:
        form = filled(form_of(visit.read("peer1", "consensus/sign"), "Sign the consensus")) | {"reaffirm": "y"}
        with visit.rows() as session:
            row = session.exec(select(AgreedLevel).where(AgreedLevel.criterion == spoilt["criterion"])).one()
            for name, value in spoilt.items():
                setattr(row, name, value)
            session.add(row)
        if set(spoilt) != {"criterion", "rationale"} or not spoilt["rationale"]:
            form |= {"seen": filled_seen(visit)}
        return visit.as_("peer1").post(visit.at("consensus/sign"), data=form)

    return way


def filled_seen(visit: Visit) -> str:
    """The hash of the consensus as it now stands: whoever signs has read just that."""
    from metstandard.rules.content import digest  # noqa: PLC0415 (what the page would carry, were it to offer to sign)

    with visit.rows() as session:
        return digest(session, session.exec(select(Review)).one(), "consensus")


def another_level_than_the_median(visit: Visit) -> TestResponse:
    visit.press("company1", "consensus/dissent/1.1", "Record my dissent", dissent="I hold it to be lower.")
    return visit.press("peer1", "consensus/D1", "Save and continue", **{"level-1.1": "4"})


CONSENSUS: dict[str, tuple[Way, str]] = {
    "SCO-1: nobody had enough evidence, and nothing is agreed": (
        sign_after(criterion="1.3", level=""),
        "Every criterion needs an agreed level with its rationale; “not enough evidence” must be cleared.",
    ),
    "SCO-2: a level without its reasons": (
        sign_after(criterion="1.4", rationale=""),
        "Every criterion needs an agreed level with its rationale; “not enough evidence” must be cleared.",
    ),
    "SCO-4: three levels apart without a discussion": (
        sign_after(criterion="1.1", discussion=""),
        "Marks two or more levels apart need a record of the discussion; a level outside the range, new evidence.",
    ),
    "SCO-4: a level outside the marks borne out by a sentence alone": (
        sign_after(criterion="1.4", level="1", new_evidence="We heard it somewhere."),
        "Marks two or more levels apart need a record of the discussion; a level outside the range, new evidence.",
    ),
    "SCO-4: another level than the median against a dissent": (
        another_level_than_the_median,
        "A dissent is recorded, so the median stands. Take the dissent back to agree another level",
    ),
    "R8: what is signed changed since the page was opened": (
        sign_after(criterion="1.4", rationale="Other reasons."),
        "The consensus has changed since this page was opened. Read it again, then sign",
    ),
    "COI-8: a signature without the declaration": (
        lambda visit: visit.press("peer1", "consensus/sign", "Sign the consensus"),
        "Confirm that your declaration still holds",
    ),
    "B6: a finding that recommends nothing": (
        lambda visit: visit.press(
            "peer1", "consensus/findings", "Add the finding", **FOUND | {"recommendation": ""}
        ),
        "Write what you recommend (B6)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", CONSENSUS)
def test_the_consensus_refuses(data: Path, rule: str) -> None:
    with visiting(data, "apart") as visit:
        with visit.play() as play:
            play.act(fill_consensus, play.review, by=play["peer1"])
            before = len(play.session.exec(select(Finding)).all())
        way, sentence = CONSENSUS[rule]
        answer = way(visit)
        assert (answer.status_code in (409, 422), sentence in said(answer)) == (True, True), said(answer)[:600]
        with visit.rows() as session:
            assert len(session.exec(select(Finding)).all()) == before
        assert state(visit) == "consensus"


# Risks that cannot wait: the panel is on site and has raised one, a matter for professional standards.


def at_unit(visit: Visit, word: str, act: str, **typed: str) -> TestResponse:
    """Post to the unit's page of risks, as its buttons do."""
    address = f"/units/reviews/{visit.reference}/risks"
    token = visit.token("peer1", "risks") if word != "commander" else ""
    if word == "commander":
        page = soup(visit.as_(word).get(address))
        found = page.select_one("[name=csrf_token]")
        token = str(found["value"]) if found else ""
    return visit.as_(word).post(f"{address}/1/{act}", data={"csrf_token": token} | typed)


RISKS: dict[str, tuple[Way, int, str]] = {
    "B6: containing by saying nothing": (
        lambda visit: at_unit(visit, "commander", "contained", **{"r1-text": " "}),
        422, "Write what was done to contain the risk",
    ),
    "B6: a matter for professional standards passed over": (
        lambda visit: at_unit(visit, "commander", "contained", **{"r1-text": "Moved."}),
        422, "Say where it went in professional standards, or why it did not (B6)",
    ),
    "B6: a risk that says nothing": (
        lambda visit: visit.press("peer1", "risks", "Tell them now", risk=" "),
        422, "Describe the risk",
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", RISKS)
def test_an_immediate_risk_is_not_waved_through(data: Path, rule: str) -> None:
    with visiting(data, "on_site") as visit:
        with visit.play() as play:
            play.act(
                risks.raise_immediate_risk, play.review, by=play["peer1"], text="Prisoners wait unseen.", standards=True
            )
        way, status, sentence = RISKS[rule]
        answer = way(visit)
        assert (answer.status_code, sentence in said(answer)) == (status, True), said(answer)[:600]
        with visit.rows() as session:
            assert session.exec(select(Containment)).all() == []
            assert len(session.exec(select(ImmediateRisk)).all()) == 1


def test_who_must_know_reads_the_risk_answers_and_nobody_else_finds_it(data: Path) -> None:
    """The story of one risk through three doors; no page of it tells a level."""
    with visiting(data, "on_site") as visit:
        visit.press("peer1", "risks", "Tell them now", risk="Prisoners wait unseen.", standards="y")
        unit, office = f"/units/reviews/{visit.reference}/risks", f"/authority/reviews/{visit.reference}/risks"
        assert {visit.as_(word).get(unit).status_code for word in ("author", "peer1", "officer")} <= {403, 404}
        assert {visit.as_(word).get(office).status_code for word in ("link", "member", "commander")} <= {403, 404}
        home = soup(visit.as_("commander").get(f"/units/reviews/{visit.reference}"))
        assert home.find("a", string="Read an immediate risk") is not None
        for word in ("authority", "commissioner"):
            page = press(visit.as_(word), office, "I have read this")
            assert "Prisoners wait unseen." in said(page)
        said_of_it: dict[str, Any] = {"r1-text": "A second gaoler is on duty.", "r1-referral": "DPS/2026/11"}
        done = press(visit.as_("commander"), unit, "Record it", **said_of_it)
        text = said(done)
        assert "Contained The panel sees" not in text
        assert "A second gaoler is on duty. Professional standards: DPS/2026/11" in text
        names = [visit.people[word].name for word in ("peer1", "council1", "company1")]
        assert [name for name in names if name in text] == []
        assert "A second gaoler is on duty." in visit.text("council1", "risks")
        assert state(visit) == "on_site"


# The report: what a paragraph must not say, and what it must bear.


def write(text: str) -> Callable[[Visit], None]:
    def way(visit: Visit) -> None:
        with visit.rows() as session:
            one = session.exec(select(Paragraph).where(Paragraph.number == 7)).one()
            one.text, one.revision = text, one.revision + 1
            session.add(one)

    return way


def name_the_panel(visit: Visit) -> None:
    write(f"{visit.people['council1'].name} saw it.")(visit)


def mark_too_low(visit: Visit) -> None:
    with visit.rows() as session:
        used = {number for each in session.exec(select(Mark.evidence)).all() for number in each}
        item, review = session.get_one(Evidence, min(used)), session.exec(select(Review)).one()
        item.marking, review.marking = Marking.OFFICIAL_SENSITIVE, Marking.OFFICIAL
        session.add_all((item, review))


REPORT: dict[str, tuple[Callable[[Visit], None], str]] = {
    "A5: an empty paragraph": (write(" "), "Paragraph 7 is empty (A5)."),
    "B5: somebody who was interviewed": (
        write("Morag Quill told us."), "Paragraph 7 names somebody who was interviewed (B5).",
    ),
    "B5: a group in which one can be recognised": (
        write("Two custody sergeants told us."),
        "Paragraph 7 names a group so small that somebody in it could be recognised (B5).",
    ),
    "SCO-3: a reviewer by name": (name_the_panel, "Paragraph 7 names a member of the panel (SCO-3)."),
    "B9: a marking below what is quoted": (
        mark_too_low,
        "The report would leave marked OFFICIAL, and rests on evidence marked OFFICIAL-SENSITIVE (B9).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", REPORT)
def test_the_report_does_not_leave(data: Path, rule: str) -> None:
    with visiting(data, "reporting") as visit:
        with visit.rows() as session:
            group, item = session.exec(select(Activity)).first(), session.exec(select(Evidence)).first()
            assert group is not None
            assert item is not None
            group.group, group.people = "Two custody sergeants", 2
            session.add(group)
            session.add(Interviewee(evidence_id=item.key, name="Morag Quill", added_by_id=visit.people["peer1"].key))
        form = filled(form_of(visit.read("peer1", "reporting/send"), "Send the draft to the unit")) | SENT
        spoil, sentence = REPORT[rule]
        spoil(visit)
        answer = visit.as_("peer1").post(visit.at("reporting/send"), data=form)
        text = said(answer)
        assert (answer.status_code, f"The report cannot leave yet. {sentence}" in text) == (422, True), text[:600]
        assert ("Morag Quill" in text, state(visit)) == (False, "reporting")


def test_a_small_group_leaves_with_the_reason_of_a_named_person_and_not_without(data: Path) -> None:
    with visiting(data, "reporting") as visit:
        with visit.rows() as session:
            group = session.exec(select(Activity)).first()
            assert group is not None
            group.group, group.people = "Two custody sergeants", 2
            session.add(group)
        write("Two custody sergeants told us.")(visit)
        silent = visit.press("peer1", "reporting/send", "Let it stand")
        assert (silent.status_code, "Say why the report may leave all the same" in said(silent)) == (422, True)
        why = {"group-7-reason": "Nine sergeants serve in custody; none can be told from the others."}
        done = visit.press("peer1", "reporting/send", "Let it stand", **why)
        assert f"{visit.people['peer1'].name}," in said(done)
        visit.press("peer1", "reporting/send", "Send the draft to the unit", **SENT)
        assert state(visit) == "factual_accuracy"


# Factual accuracy: the draft is with the unit, which has raised a point on paragraph 7.


def at_accuracy(visit: Visit, page: str, button: str, **typed: Any) -> TestResponse:
    return press(visit.as_("commander"), f"/units/reviews/{visit.reference}/{page}", button, **typed)


def answer_with(**typed: str) -> Way:
    return lambda visit: visit.press(
        "peer1", "accuracy", "Answer this point", **{f"p1-{name}": value for name, value in typed.items()}
    )


ACCURACY: dict[str, tuple[Way, str]] = {
    "B7: a point that changes nothing": (
        lambda visit: at_accuracy(visit, "accuracy/8", "Send the point", evidence="Minutes of May."),
        "Write how the paragraph should read (B7)",
    ),
    "B7: a point without proof": (
        lambda visit: at_accuracy(visit, "accuracy/8", "Send the point", proposed="It is so."),
        "Say what shows that the draft is wrong",
    ),
    "B7: a statement of 501 words": (
        lambda visit: at_accuracy(visit, "accuracy", "Save the statement", statement="word " * 501),
        "The statement has 501 words; at most 500 are printed (B7)",
    ),
    "B7: refused without a reason": (answer_with(answer="refused"), "Give the reason for refusing (B7)"),
    "B7: neither accepted nor refused": (answer_with(reason="Well."), "Choose whether you accept or refuse"),
    "B5: a name accepted into the report": (
        answer_with(answer="accepted"),
        "This names somebody who was interviewed, or a member of the panel. Accept it in words of your own (B5)",
    ),
    "B7: the words of the draft given as a correction": (
        answer_with(answer="accepted", wording="<the draft>"),
        "These are the words of the draft. Refuse the point instead (B7)",
    ),
}  # fmt: skip


def raise_a_point(visit: Visit) -> str:
    """The unit asks for a text that names somebody interviewed; gives what the draft says."""
    with visit.play() as play:
        item = play.session.exec(select(Evidence)).first()
        assert item is not None
        play.session.add(Interviewee(evidence_id=item.key, name="Morag Quill", added_by_id=play["peer1"].key))
        one = play.session.exec(select(Paragraph).where(Paragraph.number == 7)).one()
        play.act(
            accuracy.raise_point, play.review, one, by=play["commander"], proposed="Morag Quill runs the desk.",
            evidence="The roster of May.",
        )  # fmt: skip
        return one.text


@pytest.mark.parametrize("rule", ACCURACY)
def test_the_right_of_reply_refuses(data: Path, rule: str) -> None:
    with visiting(data, "factual_accuracy") as visit:
        draft = raise_a_point(visit)
        way, sentence = ACCURACY[rule]
        if "words of the draft" in rule:
            way = answer_with(answer="accepted", wording=draft)
        answer = way(visit)
        assert (answer.status_code, sentence in said(answer)) == (422, True), said(answer)[:600]
        with visit.rows() as session:
            assert [one.answer.value for one in session.exec(select(Point)).all()] == ["open"]
            assert session.exec(select(Review.statement)).one() == ""


def test_a_commander_never_rules_on_a_point_of_the_unit(data: Path) -> None:
    with visiting(data, "factual_accuracy") as visit:
        raise_a_point(visit)
        address = visit.at("accuracy/1")
        assert visit.as_("commander").post(address, data={"p1-answer": "accepted"}).status_code in (400, 403, 404)
        with visit.rows() as session:
            assert session.exec(select(Point)).one().answer is Answer.OPEN


def test_a_point_is_accepted_in_the_panels_own_words_and_shown_as_a_difference(data: Path) -> None:
    with visiting(data, "factual_accuracy") as visit:
        draft = raise_a_point(visit)
        visit.press(
            "peer1", "accuracy", "Answer this point",
            **{"p1-answer": "accepted", "p1-wording": f"{draft} The desk is staffed.", "p1-reason": "Seen."},
        )  # fmt: skip
        text = visit.text("peer1", "accuracy")
        assert "In the panel’s own words" in text
        assert "[inserted: The desk is staffed.]" in text
        with visit.rows() as session:
            one = session.exec(select(Paragraph).where(Paragraph.number == 7)).one()
            assert one.text == f"{draft} The desk is staffed."
