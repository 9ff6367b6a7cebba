"""From records to the certificate: what the register, the PDF and the verification page say, all from one place."""

from __future__ import annotations

from sqlmodel import Session

from metstandard.common import clock
from metstandard.common.languages import gettext, marked
from metstandard.common.settings import settings
from metstandard.documents.certificate import CertificatePaper, Signatory
from metstandard.documents.identity import Identity, PaperKind
from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.reviews import Review, Signature
from metstandard.records.units import Unit
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.parts import standing_in
from metstandard.rules.signatures import decided_by

PARTIES = (marked("Authority"), marked("Commissioner"))  # as `keys_of` writes them


def verification_url(certificate: Certificate) -> str:
    """The address behind the QR code."""
    return f"{settings().base_url}/verify/{certificate.code}"


def identity(certificate: Certificate) -> Identity:
    """What the signature of a certificate's file names; the code leads to the register."""
    return Identity(PaperKind.CERTIFICATE, certificate.title, certificate.code)


def certificate_paper(session: Session, certificate: Certificate) -> CertificatePaper:
    """What a certificate says as it now stands."""
    review = session.get_one(Review, certificate.review_id)
    unit = session.get_one(Unit, certificate.unit_id)
    rubric = rubric_of(session, review)
    return CertificatePaper(
        number=certificate.title,
        unit_name=unit.title,
        unit_code=unit.code,
        commander=certificate.commander_name,
        scope=certificate.scope,
        rubric_title=rubric.title,
        rubric_edition=str(rubric.edition),
        decided_on=certificate.decided_on,
        valid_from=certificate.decided_on,
        valid_until=certificate.valid_until,
        issued_on=clock.local_date(certificate.issued_at),
        verification_url=verification_url(certificate),
        code=certificate.code,
        journal_head=certificate.journal_head,
        status=certificate.status,
        signatories=signatories(session, review),
    )


def keys_of(session: Session, review: Review) -> list[tuple[str, Signature, Person]]:
    """The two keys of a decision as party, signature and person, in the order of the workflow's parties."""
    workflow = workflow_of(session, review)
    signed = decided_by(session, review)
    found = []
    for party in workflow.parties:
        one = next((each for each in signed if standing_in(workflow, each.part) == party), None)
        if one is not None:
            found.append((party.replace("_", " ").capitalize(), one, session.get_one(Person, one.person_id)))
    return found


def role_of(party: str, part: str) -> str:
    """What the person who turned a key is, in words."""
    if part.endswith("_principal"):
        return gettext("principal of the %(party)s", party=gettext(party))
    return gettext("holder of the %(party)s's key", party=gettext(party))


def signatories(session: Session, review: Review) -> tuple[Signatory, ...]:
    """The two keys as a certificate names them."""
    return tuple(
        Signatory(party, role_of(party, one.part), person.name) for party, one, person in keys_of(session, review)
    )
