"""Pages of judging, deciding, consent and announcing, as each person has them: axe, 320 px, Arabic where public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlmodel import Session, select

from metstandard.actions.recognition import links, presenting
from metstandard.common import clock
from metstandard.records import database, schema
from metstandard.records.recognition import Nomination
from metstandard.rules.recognition import nominees_of
from tests.browser.conftest import sideways
from tests.factories.browser import signed_in
from tests.factories.judged import decide, judged_to, judges_of, write
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme, programme
from tests.servers.browser import Axe
from tests.servers.product import Product, product

COOKIE = "metstandard"


@dataclass
class Site:
    """The served program, the pages of each person, and the tokens by which they are signed in."""

    served: Product
    pages: dict[str, list[str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def _at(made: Programme, state: str, title: str, **given: Any) -> Nomination:
    return judged_to(made, nominated(made.session, title=title, email=f"{title}@example.com", **given), state)


def _made(session: Session, made: Programme) -> tuple[dict[str, list[str]], dict[str, str]]:
    checked = nominated(session, title="Checked", email="x@example.com", scheme="team")
    sifted, judging = _at(made, "sifted", "Sifted"), _at(made, "shortlisted", "Judging")
    first, _second = (
        _at(made, "judged", "First", category="leadership"),
        _at(made, "judged", "Second", category="leadership"),
    )
    moderated, decided = _at(made, "moderated", "Moderated"), _at(made, "decided", "Decided", scheme="team")
    embargoed, given = _at(made, "embargoed", "Embargoed"), _at(made, "presented", "Given")
    refused = _at(made, "moderated", "Refused")
    decide(made, refused, award=False)
    starts = clock.now() + timedelta(days=30)
    event = presenting.save_event(
        session,
        by=made["officer"],
        title="Evening",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        place="Hall",
    )
    presenting.invite(session, event, given, by=made["officer"])
    judges = judges_of(session, judging)
    write(session, judging, judges[1])
    secret = links.give(session, decided, "nominee", about_id=nominees_of(session, decided)[0].key)
    at = {one.title: f"authority/nominations/{one.reference}" for one in session.exec(select(Nomination)).all()}
    theirs, tied = f"reviewers/nominations/{judging.reference}", f"reviewers/nominations/{first.reference}"
    pages = {
        "officer": [
            "authority/", f"{at['Checked']}/checks", f"{at['Sifted']}/judging", f"{at['Judging']}/judging",
            f"{at['Moderated']}/decision", f"{at['Decided']}/consent", at["Given"], f"{at['Refused']}/feedback",
            "authority/announcements", "authority/events", "authority/events/new", "authority/events/1",
            "authority/events/1/guests/1", "authority/monitoring",
        ],
        "standards": ["authority/", "authority/checks", f"{at['Checked']}/check"],
        "declaring": ["reviewers/", "reviewers/nominations", f"{theirs}/declaration", f"{theirs}/stand-down"],
        "writing": [theirs, f"{theirs}/lock", tied],
        "chair": ["reviewers/nominations", f"{tied}/moderation"],
        "authority": [f"{at['Moderated']}/decision", f"{at['Given']}/revoke"],
        "press": [f"{at['Embargoed']}/announcement", "authority/announcements"],
        "": [f"{language}consent/{secret}{more}" for language in ("", "ar/") for more in ("", "/questions")],
    }  # fmt: skip
    assert {sifted.state, moderated.state, embargoed.state, checked.state} == {
        "sifted",
        "moderated",
        "embargoed",
        "checks",
    }
    people = dict(made.people) | {"declaring": judges[0], "writing": judges[1]}
    return pages, {word: signed_in(session, people[word]) for word in pages if word}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Nominations at every state that has a page."""
    folder = tmp_path_factory.mktemp("judging")
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    schema.upgrade(engine)
    with Session(engine) as session:
        pages, tokens = _made(session, recognisers(programme(session)))
        session.commit()
    engine.dispose()
    served = product(folder, demo="1")
    served.start()
    yield Site(served, pages, tokens)
    served.stop()


@pytest.mark.parametrize("word", ["officer", "standards", "declaring", "writing", "chair", "authority", "press", ""])
def test_the_pages_of_recognition_are_accessible_and_fit_a_narrow_screen(
    page: Page, site: Site, axe: Axe, word: str
) -> None:
    if word in site.tokens:
        page.context.add_cookies([{"name": COOKIE, "value": site.tokens[word], "url": site.served.url}])
    wrong = []
    for path in site.pages[word]:
        page.set_viewport_size({"width": 1280, "height": 900})
        answered = page.goto(f"{site.served.url}/{path}")
        assert answered is not None
        assert answered.status == 200, path
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        wrong += [f"{path}: {one}" for one in axe(page)]
        page.set_viewport_size({"width": 320, "height": 640})
        wrong += [f"{path} at 320 px: {one}" for one in sideways(page)]
    assert wrong == []
