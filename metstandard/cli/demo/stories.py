"""What the nominations of the demonstration tell. People are named by role and unit; none is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

# Schemes whose nominee stands alone, on one page.
ALONE = ("individual", "partner")


@dataclass(frozen=True)
class Story:
    """One nomination and the state it reaches. `nominees` are the facts of actions.recognition.nominees.Named."""

    word: str
    reaches: str
    scheme: str
    kind: str
    category: str
    title: str
    account: str
    effect: str
    difficulty: str
    citation: str
    nominees: tuple[dict[str, Any], ...]
    nominator: str = "A neighbour"
    nominated_from: str = "Residents' association"
    seconder: str = "A head teacher"
    seconded_for: str = "A primary school"
    team: str = ""
    incident: str = ""
    died: bool = False
    awarded: bool = True
    level: int = 3
    unnamed: tuple[str, ...] = ()
    quiet_days: int = 2

    @property
    def announcement(self) -> str:
        """What the press officer lets out."""
        return f"{self.title}. {self.effect}"

    def said(self, happened_on: date) -> dict[str, Any]:
        """The pages of the form, by column."""
        return {
            "scheme": self.scheme, "nominee_kind": self.kind, "category": self.category, "body": self.team,
            "happened_on": happened_on, "title": self.title, "account": self.account, "effect": self.effect,
            "difficulty": self.difficulty, "evidence": "The log of that day, and the letters of those who were there.",
            "witnesses": "Two people gave their names.", "citation": self.citation,
            "incident_words": self.incident, "earlier_awards": "", "nominator_name": self.nominator,
            "nominator_body": self.nominated_from, "nominator_relation": "I saw it myself", "may_contact": True,
        }  # fmt: skip


def _nominee(name: str, word: str, **facts: Any) -> dict[str, Any]:
    return {"name": name, "email": f"{word}@demo.example", "service": "met", **facts}


STORIES = (
    Story(
        word="canal", reaches="presented", scheme="individual", kind="officer", category="courage", quiet_days=40,
        title="Into the canal for a child",
        account=(
            "A child slipped from the towpath into the lock. The constable, on the way home, went in at once, held the "
            "child above the water and talked to it until others came with a line."
        ),
        effect="The child was home that evening.",
        difficulty="The water was three degrees and the wall too steep to climb.",
        citation="For going into the water for a child without a thought for anything else.",
        nominees=(_nominee("Constable of Camden BOCU", "canal", role="Constable", unit="EK", body="Camden BOCU"),),
        level=4,
    ),
    Story(
        word="estate", reaches="announced", scheme="team", kind="team", category="neighbourhood", quiet_days=12,
        title="An estate that has its playground back", team="Safer neighbourhood team, Tower Hamlets",
        account=(
            "For eighteen months the team met tenants every second week, kept a list of what they asked for, and told "
            "them what had become of each point. The playground is open again and stays open."
        ),
        effect="Calls to the estate fell by a third, and tenants lead the meetings now.",
        difficulty="Nobody came to the first three meetings.",
        citation="For eighteen months of coming back, listening, and telling people what had been done.",
        nominees=(
            _nominee("Sergeant of the team", "estate.sergeant", role="Sergeant", unit="HT"),
            _nominee("Constable of the team", "estate.constable", role="Constable", unit="HT"),
            _nominee("Community support officer of the team", "estate.pcso", role="PCSO", unit="HT"),
        ),
        unnamed=("Constable of the team",), nominator="A tenant", nominated_from="Tenants' association",
    ),
    Story(
        word="boxing", reaches="embargoed", scheme="partner", kind="partner_body", category="partnership", quiet_days=0,
        title="A boxing club that stays open late",
        account=(
            "The club opened its hall on the nights on which most knives were found, and let officers train with the "
            "young people without talking about police work."
        ),
        effect="Forty young people come each week; eleven have begun an apprenticeship.",
        difficulty="The club had no money for heating and asked nobody for it.",
        citation="For an open door on the nights that needed one.",
        nominees=(_nominee("The boxing club", "boxing", service="", body="The boxing club"),),
        nominator="A youth worker", nominated_from="A youth charity",
    ),
    Story(
        word="tunnel", reaches="shortlisted", scheme="blue_lights", kind="team", category="courage", quiet_days=3,
        title="Smoke in the tunnel", team="Crews at the tunnel fire", incident="Fire in a railway tunnel", died=True,
        account=(
            "Three services went into the tunnel together. They brought out twenty-two people in four journeys. One "
            "firefighter did not come back from the last."
        ),
        effect="Twenty-two people live.",
        difficulty="They could not see, and knew that the roof might not hold.",
        citation="For four journeys into the smoke, and for the one who stayed there.",
        nominees=(
            _nominee("Constable at the tunnel", "tunnel.met", role="Constable"),
            _nominee("Firefighter at the tunnel", "tunnel.family", role="Firefighter", service="lfb", died=True),
            _nominee("Paramedic at the tunnel", "tunnel.las", role="Paramedic", service="las"),
        ),
        nominator="A passenger", nominated_from="Passengers' committee", level=4,
    ),
    Story(
        word="ledger", reaches="checks", scheme="individual", kind="staff", category="innovation",
        title="A ledger that finds stolen bicycles",
        account=(
            "The property officer wrote, in evenings, a list that compares found bicycles with reports from every "
            "borough, and taught others to use it."
        ),
        effect="Six hundred bicycles went back to their owners within a year.",
        difficulty="There was no budget and no system that spoke with another.",
        citation="For giving six hundred people their bicycles back.",
        nominees=(_nominee("Property officer of Hackney BOCU", "ledger", role="Property officer", unit="GD"),),
    ),
    Story(
        word="cadets", reaches="submitted", scheme="individual", kind="volunteer", category="volunteering",
        title="Every Tuesday for nine years",
        account=(
            "The cadet leader has opened the hall every Tuesday for nine years, and has driven home those whom nobody "
            "fetched."
        ),
        effect="Two hundred cadets, and not one Tuesday missed.",
        difficulty="All of it unpaid, and beside night shifts in a hospital.",
        citation="For nine years of Tuesdays.",
        nominees=(_nominee("Cadet leader in Lambeth", "cadets", role="Volunteer", unit="LX"),),
    ),
)  # fmt: skip
