"""What every test may ask for: a database with a small programme, the application, and a browser-like client."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from metstandard.common.settings import Settings, settings
from metstandard.records import database
from metstandard.records.accounts import Person
from tests.factories.programme import Programme
from tests.factories.programme import programme as make_programme

pytest_plugins = ["tests.servers"]

KEY = "k9Jt2vQz7LmX4sWb8RnY3cPf6HdG1aTe"


@pytest.fixture(scope="session")
def _filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the small programme, made once and copied for each test."""
    file = tmp_path_factory.mktemp("filled") / "metstandard.db"
    engine = database.engine(f"sqlite:///{file}")
    database.create_all(engine)
    with Session(engine) as session:
        make_programme(session)
    engine.dispose()
    return file


@pytest.fixture
def data(tmp_path: Path, _filled_database: Path) -> Path:
    """A data folder of this test's own with the small programme in it."""
    (tmp_path / "metstandard.db").write_bytes(_filled_database.read_bytes())
    return tmp_path


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Every test runs with settings of its own, never with those of the machine."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"METSTANDARD_{name.upper()}", raising=False)
    monkeypatch.setenv("METSTANDARD_DATA", str(tmp_path))
    monkeypatch.setenv("METSTANDARD_SECRET_KEY", KEY)
    monkeypatch.setenv("METSTANDARD_TRUSTED_HOSTS", "localhost")  # the host of Flask's test client
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def session(data: Path) -> Iterator[Session]:
    """A database session on the small programme."""
    engine = database.engine(f"sqlite:///{data / 'metstandard.db'}")
    with Session(engine) as made:
        yield made
    engine.dispose()


@pytest.fixture
def programme(session: Session) -> Programme:
    """The people of the small programme by their short words."""
    return Programme.of(session)


@pytest.fixture
def app(data: Path) -> Flask:
    """The application on this test's database."""
    from metstandard.app import create_app  # noqa: PLC0415 (not every test needs Flask)

    made = create_app(settings())
    made.config["TESTING"] = True
    return made


@pytest.fixture
def client_for(app: Flask) -> Callable[[Person | None], FlaskClient]:
    """A client signed in as a person (or as nobody): see tests/factories/browser.py."""
    from tests.factories.browser import client_for as make  # noqa: PLC0415

    return lambda person: make(app, person)
