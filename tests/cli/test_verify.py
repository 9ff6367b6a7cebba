"""`metstandard verify` and `metstandard key`: the judgement as a sentence and an exit code, and keys made once."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session, select

from metstandard.cli import main
from metstandard.cli.verify import CANNOT
from metstandard.common import words
from metstandard.documents import signing
from metstandard.records import schema
from metstandard.records.certificates import Certificate
from tests.documents import signed
from tests.factories.certified import certified


def run(*arguments: str) -> Result:
    """The command as it is typed, in this process."""
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's published review and its certificate."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    with closing(sqlite3.connect(tmp_path / "metstandard.db")) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", [schema.head()])
    return tmp_path


@pytest.fixture
def file(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The signed certificate, as `metstandard papers` writes it."""
    made = run("key", "papers", str(tmp_path / "key.pem"), "--body", "A body")
    assert made.exit_code == 0
    signed.use(monkeypatch, signing_key=str(tmp_path / "key.pem"))
    assert run("papers", str(tmp_path / "out")).exit_code == 0
    return tmp_path / "out" / "certificate-MS-0001.pdf"


def test_each_judgement_has_its_word_and_its_exit_code(file: Path, session: Session, tmp_path: Path) -> None:
    one = session.exec(select(Certificate)).one()
    until = words.day(one.valid_until)
    well = run("verify", str(file))
    assert (well.exit_code, well.output.splitlines()) == (
        0,
        [
            "genuine: Nothing in the file was changed since it was signed, and the register has it.",
            "Certificate MS-0001, Camden BOCU",
            f"The register says: current, valid until {until}",
        ],
    )
    one.state = "withdrawn"
    session.commit()
    withdrawn = run("verify", str(file))
    assert (withdrawn.exit_code, withdrawn.output.splitlines()[0].split(":")[0]) == (3, "revoked since")
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(file.read_bytes() + b"\n")
    other = tmp_path / "other.txt"
    other.write_text("hello")
    assert [(one.exit_code, one.output) for one in (run("verify", str(each)) for each in (changed, other))] == [
        (1, "altered: Something in the file was changed or added after it was signed. Do not rely on it.\n"),
        (2, "not ours: The file is not a PDF.\n"),
    ]


def test_reports_and_certificates_of_service_are_signed_among_the_samples(file: Path) -> None:
    found = sorted(file.parent.iterdir())
    assert [one.name.split("-")[0] for one in found] == ["certificate", "report", "service", "service", "service"]
    assert [run("verify", str(one)).exit_code for one in found] == [0] * 5


def test_what_cannot_be_judged_is_no_judgement(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = run("verify", str(tmp_path / "none.pdf"))
    assert missing.exit_code == CANNOT
    assert missing.stderr == f"error: cannot read {tmp_path / 'none.pdf'}: No such file or directory\n"
    signed.use(monkeypatch, signing_key="")
    assert (run("verify", str(file)).exit_code, run("verify", str(file)).stderr) == (
        CANNOT,
        f"error: {signing.UNSIGNED}\n",
    )
    signed.use(monkeypatch, signing_key=str(tmp_path / "key.pem"), data=str(tmp_path / "elsewhere"))
    assert run("verify", str(file)).exit_code == CANNOT


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    file, badges = tmp_path / "papers.pem", tmp_path / "badges.pem"
    made = run("key", "papers", str(file), "--body", "A body")
    assert made.output.splitlines()[0] == f"METSTANDARD_SIGNING_KEY={file}"
    assert run("key", "badges", str(badges)).output == f"METSTANDARD_BADGE_KEY={badges}\n"
    assert [stat.S_IMODE(one.stat().st_mode) for one in (file, badges)] == [0o600, 0o600]
    again = run("key", "badges", str(badges))
    assert (again.exit_code, again.stderr) == (2, f"error: {badges} is there already: a key is never replaced\n")


def test_the_doctor_says_whether_papers_are_signed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = signing.signer()
    assert own is not None
    assert run("doctor").output.splitlines()[-1] == f"Papers are signed with certificate {own.fingerprint}"
    signed.use(monkeypatch, signing_key="")
    assert run("doctor").output.splitlines()[-1] == signing.UNSIGNED
