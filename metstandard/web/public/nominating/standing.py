"""Where a nomination stands, as its nominator may know it: nothing of checks, of judging or of consent."""

from __future__ import annotations

from dataclasses import dataclass

from metstandard.common import clock
from metstandard.queries.nomination_history import last_reason
from metstandard.queries.nominations import titles
from metstandard.records.recognition import Nomination, Seconder, Seconding, Shown
from metstandard.rules.guards.recognition import seconder_of
from metstandard.web.shared.database import session
from metstandard.web.shared.languages import gettext, marked

_CONSIDERED = marked("It is being considered. We write to you when there is news. That can take some months.")
_NO_AWARD = marked("It did not lead to an award. Thank you for taking the trouble to nominate.")
_REVOKED = marked("The award was given, and does not stand any more.")
_GIVEN = marked("An award was given and announced. Thank you for your nomination.")
_WITH_US = ("submitted", "eligibility")


@dataclass(frozen=True)
class Stands:
    """What the page says. Whether one can still withdraw or name another seconder follows from what is said."""

    sentence: str
    reason: str = ""
    seconder: Seconder | None = None
    may_withdraw: bool = False
    may_name: bool = False


def of(nomination: Nomination) -> Stands:
    """How a nomination stands, the same for every stage that its nominator may not tell apart."""
    state = nomination.state
    if state in _WITH_US:
        row = seconder_of(session(), nomination)
        waits = row is None or row.answer is not Seconding.CONFIRMED
        return Stands(_with_us(row), seconder=row, may_withdraw=True, may_name=waits)
    if state == "withdrawn":
        return Stands(gettext("It was withdrawn."), reason(nomination))
    if state == "redirected":
        where = titles(session(), nomination).redirects.get(nomination.redirected_to, "")
        said = gettext("It fits another award better, and was passed on to: %(where)s.", where=where)
        return Stands(said, reason(nomination))
    return Stands(gettext(_news(nomination)))


def _news(nomination: Nomination) -> str:
    state = nomination.state
    if state == "revoked":
        return _REVOKED
    if _announced(nomination):
        return _GIVEN
    ended = state == "declined_by_nominee" or (state == "archived" and nomination.awarded is not True)
    return _NO_AWARD if ended else _CONSIDERED


def _with_us(row: Seconder | None) -> str:
    if row is None or row.answer is Seconding.ASKED:
        return gettext("It is sent. Your seconder has been asked by letter, and has not answered yet.")
    if row.answer is Seconding.DECLINED:
        return gettext("Your seconder has declined. Please name somebody else.")
    return gettext("Your seconder has confirmed it. The programme office reads it next.")


def _announced(nomination: Nomination) -> bool:
    """Whether the award is public: announced, and not kept from the public for somebody's safety."""
    until = nomination.embargo_until
    told = nomination.state in {"announced", "presented", "archived"} and nomination.awarded is True
    return told and nomination.shown is not Shown.UNPUBLISHED and until is not None and until <= clock.now()


def reason(nomination: Nomination) -> str:
    """The reason that the programme office gave its nominator, where it was meant for them."""
    act = {"returned": "return_nomination", "withdrawn": "withdraw", "redirected": "redirect"}.get(nomination.state)
    return last_reason(session(), nomination, act) if act else ""
