"""Facts about nominations (recognition.md D2, D3)."""

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.judging import Allotment, Judgement
from metstandard.records.recognition import (
    Check,
    CheckResult,
    Consent,
    Incident,
    Nomination,
    Nominee,
    Seconder,
    Seconding,
)
from metstandard.records.seats import Interest
from metstandard.rules import ties
from metstandard.rules.case import Case
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.register import guard
from metstandard.rules.recognition import nominees_of
from metstandard.workflow.calendar import add_months

_WRITTEN = ("scheme", "category", "nominee_kind", "title", "citation", "account", "effect", "difficulty", "evidence")


def gaps(session: Session, nomination: Nomination, numbers: "dict[str, int]") -> dict[str, str]:
    """What keeps a nomination from being sent, as field and sentence; `numbers` are those of its workflow."""
    found = {field: "Enter this answer" for field in _WRITTEN if not getattr(nomination, field).strip()}
    if nomination.happened_on is None:
        found["happened_on"] = "Enter the date"
    for field, most in (("citation", numbers["D2-citation"]), ("account", numbers["D2-account"])):
        if len(getattr(nomination, field).split()) > most:
            found[field] = f"Use {most} words or fewer"
    recognition = rubric_of(session, nomination).recognition
    scheme = recognition.schemes.get(nomination.scheme) if recognition else None
    if scheme is not None:
        if nomination.category not in scheme.categories:
            found["category"] = "Choose a category of this award"
        if nomination.nominee_kind not in scheme.nominees:
            found["nominee_kind"] = "Choose a kind of nominee of this award"
    if not nominees_of(session, nomination):
        found["nominees"] = "Name the nominee"
    if seconder_of(session, nomination) is None:
        found["seconder"] = "Name a seconder from another unit or body"
    return found


def seconder_of(session: Session, nomination: Nomination) -> Seconder | None:
    """The seconder who counts: the newest named."""
    query = select(Seconder).where(Seconder.nomination_id == nomination.key).order_by(col(Seconder.id).desc())
    return session.exec(query).first()


def incident_of(session: Session, nomination: Nomination) -> Incident | None:
    """The incident that a nomination belongs to."""
    return session.get(Incident, nomination.incident_id) if nomination.incident_id is not None else None


def newest_checks(session: Session, nomination: Nomination) -> dict[tuple[int, str], Check]:
    """The newest answer about each nominee, by the nominee's number and who was asked."""
    query = (
        select(Check)
        .join(Nominee, col(Nominee.id) == Check.nominee_id)
        .where(Nominee.nomination_id == nomination.key)
        .order_by(col(Check.id))
    )
    return {(one.nominee_id, one.asked_of): one for one in session.exec(query).all()}


def wanted_checks(session: Session, nomination: Nomination) -> list[tuple[Nominee, str]]:
    """Each nominee with whoever answers: professional standards always, and the sponsor in a shared award (D3).

    Whoever belongs to no service, such as a partner, is checked by the officers who answer for every service.
    """
    recognition = rubric_of(session, nomination).recognition
    scheme = recognition.schemes.get(nomination.scheme) if recognition else None
    found = []
    for one in nominees_of(session, nomination):
        found.append((one, "standards_officer"))
        if one.service and scheme is not None and scheme.incident:
            found.append((one, "sponsor"))
    return found


def allotments(session: Session, nomination: Nomination) -> list[Allotment]:
    """The judges who still judge a nomination."""
    query = select(Allotment).where(Allotment.nomination_id == nomination.key, col(Allotment.ended_at).is_(None))
    return list(session.exec(query.order_by(col(Allotment.id))).all())


def unmarked(session: Session, nomination: Nomination, allotment: Allotment) -> list[str]:
    """The criteria that a judge has not marked yet, in the order of the rubric."""
    rubric = rubric_of(session, nomination)
    rows = session.exec(select(Judgement).where(Judgement.allotment_id == allotment.key)).all()
    marked = {one.criterion for one in rows if one.level in rubric.levels}
    return [code for code in rubric.criteria if code not in marked]


@guard("The nomination is not complete.")
def nomination_complete(case: Case) -> bool:
    """D2: every answer is there, within its length, with a seconder."""
    return not gaps(case.session, case.nomination, dict(case.workflow.numbers))


@guard("The seconder has not confirmed it.")
def seconder_confirmed(case: Case) -> bool:
    """D2: a seconder of another unit or body."""
    seconder = seconder_of(case.session, case.nomination)
    return seconder is not None and seconder.answer is Seconding.CONFIRMED


@guard("The achievement is too old, or the nomination repeats another, or nominator or seconder is a nominee.")
def eligible(case: Case) -> bool:
    """D2: within so many months of the nomination's arrival, no duplicate, nobody nominates themselves."""
    one = case.nomination
    if one.happened_on is None or one.submitted_at is None or one.duplicate_of_id is not None:
        return False
    last = add_months(one.happened_on, case.workflow.number("D2-months"))
    return clock.local_date(one.submitted_at) <= last and not _of_themselves(case)


def _of_themselves(case: Case) -> bool:
    one, seconder = case.nomination, seconder_of(case.session, case.nomination)
    speakers = {one.nominator_email.casefold(), seconder.email.casefold() if seconder else ""} - {""}
    nominees = nominees_of(case.session, one)
    return any(each.email.casefold() in speakers or each.person_id == (one.nominator_id or 0) for each in nominees)


@guard("It has not been recorded that everybody who took part was asked about.")
def everyone_asked_about(case: Case) -> bool:
    """D2, D3: all who took part in an incident are asked about, and a shared award has an incident."""
    incident = incident_of(case.session, case.nomination)
    if incident is None:
        recognition = rubric_of(case.session, case.nomination).recognition
        scheme = recognition.schemes.get(case.nomination.scheme) if recognition else None
        return scheme is not None and not scheme.incident
    return incident.everyone_asked_on is not None


@guard("A check is not answered with clear.")
def every_check_clear(case: Case) -> bool:
    """D2: the newest answer about every nominee is clear; in a shared award that of each service's sponsor too."""
    known = newest_checks(case.session, case.nomination)
    return all(
        (found := known.get((nominee.key, asked))) is not None and found.result is CheckResult.CLEAR
        for nominee, asked in wanted_checks(case.session, case.nomination)
    )


@guard("Somebody died, and it has not been recorded that the family was asked first.")
def families_asked(case: Case) -> bool:
    """D3: families of those killed are asked first."""
    incident = incident_of(case.session, case.nomination)
    died = any(one.died for one in nominees_of(case.session, case.nomination)) or case.nomination.posthumous
    if incident is not None and (incident.died or died):
        return incident.families_asked_on is not None
    return not died or all(one.email for one in nominees_of(case.session, case.nomination) if one.died)


@guard("The incident is on hold for proceedings elsewhere.")
def nothing_pending(case: Case) -> bool:
    """D2, D3: sub judice, an inquest, or a live conduct case."""
    incident = incident_of(case.session, case.nomination)
    return incident is None or incident.hold is None


@guard("Fewer judges are allotted than the scheme asks for.")
def judges_allotted(case: Case) -> bool:
    """D2: three judges or more."""
    return len(allotments(case.session, case.nomination)) >= case.workflow.number("D2-judges")


@guard("A judge has not locked their judgement.")
def every_judgement_locked(case: Case) -> bool:
    """D2: three or more sealed judgements, whole, by judges who declared that they have no prejudicial interest."""
    judges = allotments(case.session, case.nomination)
    return len(judges) >= case.workflow.number("D2-judges") and all(
        one.locked_at is not None
        and one.interest in (Interest.NONE, Interest.PERSONAL)
        and not unmarked(case.session, case.nomination, one)
        for one in judges
    )


@guard("A tie has not been ruled on.")
def every_tie_ruled(case: Case) -> bool:
    """D2: ties by the chair, with a reason."""
    return not ties.open_ties(case.session, case.nomination)


@guard("No award has been decided.")
def award_decided(case: Case) -> bool:
    """D2: the Authority decides."""
    return case.nomination.awarded is True


@guard("The award has not been refused.")
def award_refused(case: Case) -> bool:
    """D2: the Authority decides."""
    return case.nomination.awarded is False


@guard("A nominee has not consented.")
def consent_given(case: Case) -> bool:
    """D2: everybody has answered and somebody consents; who declines is not named."""
    answers = [one.consent for one in nominees_of(case.session, case.nomination)]
    return Consent.GIVEN in answers and set(answers) <= {Consent.GIVEN, Consent.DECLINED}


@guard("Not every nominee has declined.")
def consent_declined(case: Case) -> bool:
    """D2: nobody consents."""
    return {one.consent for one in nominees_of(case.session, case.nomination)} == {Consent.DECLINED}


@guard("The announcement is not checked.")
def announcement_checked(case: Case) -> bool:
    """D2: the announcement list goes through a press check."""
    return case.nomination.press_checked_at is not None


@guard("No embargo is set.")
def embargo_set(case: Case) -> bool:
    """D2: an embargo with date and time."""
    return case.nomination.embargo_until is not None


@guard("The embargo is not over.")
def embargo_over(case: Case) -> bool:
    """D2: enforced by the server to the second."""
    until = case.nomination.embargo_until
    return until is not None and clock.now() >= until


@guard("The nomination led to no award.")
def was_awarded(case: Case) -> bool:
    """D2: only an award can be revoked."""
    return case.nomination.awarded is True


@guard("The nomination led to an award.")
def never_awarded(case: Case) -> bool:
    """B9, retention: unsuccessful nominations are erased."""
    return case.nomination.awarded is not True
