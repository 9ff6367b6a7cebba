"""Facts about the commission and about keys."""

from metstandard.rules.case import Case
from metstandard.rules.guards.register import guard
from metstandard.rules.signatures import both_parties, counting


@guard("The scope must be written before the commission is sent.")
def scope_complete(case: Case) -> bool:
    """Scope, unit, rubric and committee are filled in (schemes.md A5, 1); the columns make all but the scope sure."""
    return bool(case.review.scope.strip())


@guard("The other key has not been turned on exactly this content.")
def both_keys_turned(case: Case) -> bool:
    """Each party has signed what this stage decides, by two people (rules.md B7)."""
    return both_parties(case.session, case.record, case.record.state)


@guard("The other key holder has not agreed.")
def both_keys_agree(case: Case) -> bool:
    """Each party has agreed to this very act, by two people."""
    return both_parties(case.session, case.record, case.act)


@guard("The lead reviewer and the commander must agree the same scope; both keys too when a criterion is set aside.")
def scope_agreed(case: Case) -> bool:
    """SCO-1: criteria that do not apply are agreed at scoping by both key holders."""
    signed = {one.part for one in counting(case.session, case.record, "agree_scope")}
    keys_agree = not case.review.not_applicable or both_parties(case.session, case.record, "agree_scope")
    return {"lead_reviewer", "commander"} <= signed and keys_agree
