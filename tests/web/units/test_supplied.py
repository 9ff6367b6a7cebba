"""The unit sends several files at once, is told what it supplied before, and uses that again without sending it."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from werkzeug.test import TestResponse

from metstandard.common import clock
from metstandard.records import store
from metstandard.records.evidence import Evidence, Scan, StoredFile
from metstandard.records.reviews import Review
from tests.factories.again import REFERENCE, reviewed_again
from tests.factories.browser import press, soup
from tests.factories.visiting import Visit, refused, visiting, words

GOOD = {"title": "", "maker": "unit", "marking": "OFFICIAL", "criteria": ["2.1"]}
JSON = {"Accept": "application/json"}


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The panel reads the first review; a second one of the unit has begun."""
    with visiting(data, "evidence_review") as made:
        with made.rows() as session:
            reviewed_again(session, session.exec(select(Review)).one())
        yield made


def at(page: str = "", reference: str = REFERENCE) -> str:
    return f"/units/reviews/{reference}/evidence{page}"


def add(visit: Visit, *names: str, reference: str = REFERENCE, **typed: Any) -> TestResponse:
    files = [(BytesIO(f"The text of {one}".encode()), one) for one in names]
    return press(visit.as_("author"), at("/add", reference), "Add evidence", **(GOOD | {"upload": files} | typed))


def titles(visit: Visit, reference: str = REFERENCE) -> list[str]:
    with visit.rows() as session:
        query = select(Evidence).join(Review).where(Review.reference == reference).order_by(col(Evidence.id))
        return [one.title for one in session.exec(query).all()]


def test_the_limits_are_said_beforehand_on_both_pages_of_sending(visit: Visit) -> None:
    for word, door in (("author", "units"), ("peer1", "reviewers")):
        page = soup(visit.as_(word).get(f"/{door}/reviews/{visit.reference}/evidence/add"))
        assert "up to 20 MB, pictures up to 100 million pixels" in words(page)
        chosen = page.select_one("form[data-upload] input[type=file][multiple]")
        assert chosen is not None
        assert chosen["data-megabytes"] == "20"
        assert "Each file can be up to 20 MB." in words(page)


def test_several_files_become_items_of_their_own(visit: Visit) -> None:
    answer = add(visit, "tasking plan.txt", "minutes.txt")
    assert "“tasking plan” is added." in words(soup(answer)) or "“tasking plan” is added." in answer.get_data(
        as_text=True
    )
    add(visit, "first.txt", "second.txt", title="Patrols")
    add(visit, "third.txt", title="Alone")
    assert titles(visit) == ["tasking plan", "minutes", "Patrols: first", "Patrols: second", "Alone"]


def test_of_several_files_the_good_ones_stay_and_the_others_are_named(visit: Visit) -> None:
    files = [(BytesIO(b"fine"), "fine.txt"), (BytesIO(b"MZ\x90\x00\x03" * 9), "bad.exe"), (BytesIO(b""), "empty.txt")]
    typed: dict[str, Any] = GOOD | {"upload": files, "source": "Intranet"}
    answer = press(visit.as_("author"), at("/add"), "Add evidence", **typed)
    assert answer.status_code == 422
    page = soup(answer)
    said = [one.get_text(strip=True) for one in page.select(".govuk-error-summary__list li")]
    assert [one.split(" is ")[0] for one in said] == ["bad.exe", "empty.txt"]
    assert page.select_one("[name=source]")["value"] == "Intranet"  # type: ignore[index]
    assert titles(visit) == ["fine"]


def test_a_script_sends_one_file_at_a_time_and_a_second_sending_is_the_same_item(visit: Visit) -> None:
    client = visit.as_("author")
    token = soup(client.get(at("/add"))).select_one("[name=csrf_token]")["value"]  # type: ignore[index]

    def send(**typed: Any) -> TestResponse:
        form = GOOD | {"csrf_token": token, "together": "2", "title": "Patrols", "kind": "document"} | typed
        return client.post(at("/add"), data=form, content_type="multipart/form-data", headers=JSON)

    answers = [send(upload=(BytesIO(b"one"), "one.txt")) for _ in range(2)]
    assert [(one.status_code, one.json and one.json["name"]) for one in answers] == [(200, "Patrols: one")] * 2
    wrong = send(upload=(BytesIO(b""), "two.txt"))
    assert (wrong.status_code, wrong.json) == (422, {"error": "two.txt is empty", "field": "upload"})
    form = send(upload=(BytesIO(b"two"), "two.txt"), criteria=[])
    assert (form.status_code, form.json) == (
        422, {"error": "Choose at least one criterion", "field": "criteria"},
    )  # fmt: skip
    assert titles(visit) == ["Patrols: one"]


def test_what_was_supplied_is_offered_used_again_and_says_so(visit: Visit) -> None:
    page = soup(visit.as_("author").get(at("/supplied")))
    labels = [one.get_text(strip=True) for one in page.select("[name=chosen] + label")]
    assert labels == ["Plan (data)", "Plan (document)"]
    numbers = [one["value"] for one in page.select("[name=chosen]")]
    answer = press(visit.as_("author"), at("/supplied"), "Use them again", chosen=numbers)
    assert "2 items are used again." in answer.get_data(as_text=True)
    with visit.rows() as session:
        origin = session.get_one(Evidence, int(str(numbers[0])))
    day = clock.local_date(origin.added_at)
    said = f"Supplied already to review {visit.reference} on {day.day} {day:%B %Y}"
    assert words(soup(answer)).count(said) == 2
    assert said in words(soup(visit.as_("author").get(at("/items/3"))))
    assert titles(visit) == ["Plan (document)", "Plan (data)"]
    assert "There is nothing to use again." in words(soup(visit.as_("author").get(at("/supplied"))))
    again = visit.as_("author").post(at("/supplied"), data={"chosen": numbers, "csrf_token": token_of(visit)})
    assert (again.status_code, titles(visit)) == (303, ["Plan (document)", "Plan (data)"])


def token_of(visit: Visit) -> str:
    found = soup(visit.as_("author").get(at("/add"))).select_one("[name=csrf_token]")
    assert found is not None
    return str(found["value"])


def test_nothing_chosen_is_said_beside_the_field(visit: Visit) -> None:
    answer = press(visit.as_("author"), at("/supplied"), "Use them again")
    assert answer.status_code == 422
    assert "Choose at least one item" in words(soup(answer))


def test_whoever_sends_a_known_file_is_told_and_another_assessment_is_named(visit: Visit) -> None:
    add(visit, "plan.txt", reference=visit.reference, title="Patrol plan")
    answer = add(
        visit, "plan.txt", title="Patrols", assessment="HMIC inspection",
        **{"supplied_on-day": "3", "supplied_on-month": "5", "supplied_on-year": "2024"},
    )  # fmt: skip
    text = answer.get_data(as_text=True)
    assert f"You supplied the same file already to review {visit.reference} on" in text
    assert "Supplied already to HMIC inspection on 3 May 2024" in words(soup(answer))
    wrong = add(visit, "plan.txt", title="Others", assessment="HMIC inspection")
    assert "Enter the day on which it was supplied, today or earlier" in words(soup(wrong))


def test_a_file_that_waits_or_was_infected_has_no_link_and_says_why(visit: Visit) -> None:
    add(visit, "plan.txt")
    page = words(soup(visit.as_("author").get(at())))
    assert "Download" in page
    for scan, said, answered in (
        (Scan.QUARANTINED, "Being checked for viruses", "This file is still being checked for viruses."),
        (Scan.INFECTED, "Removed: a virus was found", "A virus was found in this file, and it was removed"),
    ):
        with visit.rows() as session:
            stored = session.exec(select(StoredFile).order_by(col(StoredFile.id).desc())).first()
            assert stored is not None
            stored.scan, stored.virus = scan, "Met.Test" if scan is Scan.INFECTED else ""
            session.add(stored)
        page = words(soup(visit.as_("author").get(at())))
        assert (said in page, "Download" in page) == (True, False)
        answer = visit.as_("author").get(at("/3/file"))
        assert (answer.status_code, refused(answer).startswith(answered)) == (409, True)


def test_a_file_that_the_store_lost_and_a_store_that_is_full_have_a_page(visit: Visit, tmp_path: Path) -> None:
    add(visit, "plan.txt")
    with visit.rows() as session:
        stored = session.exec(select(StoredFile).order_by(col(StoredFile.id).desc())).first()
    assert stored is not None
    store.remove(stored.sha256)
    answer = visit.as_("author").get(at("/3/file"))
    assert (answer.status_code, refused(answer).startswith("This file is missing from the store.")) == (503, True)
    (tmp_path / "evidence").rename(tmp_path / "away")
    (tmp_path / "evidence").write_text("a file where the folder was")
    answer = add(visit, "other.txt", note="Typed with care")
    assert answer.status_code == 503
    assert refused(answer).startswith("The store of files does not answer or is full. Nothing was lost")
    assert titles(visit) == ["plan"]
