"""Settings from the environment and `.env`, all with the prefix METSTANDARD_; docs/settings.md lists them, tested."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from metstandard.common.errors import BadSetting

_PACKAGE = Path(__file__).resolve().parent.parent
_EXAMPLES = ("change", "example", "secret", "demo", "test", "password", "0123456789")
SHORTEST_KEY = 32
_SCANNER = re.compile(r"/.+|.+:[0-9]+")


def _folder(name: str) -> Path:
    """The organisation's files: beside the checkout, or those that the wheel carries."""
    beside = _PACKAGE.parent / name
    return beside if beside.is_dir() else _PACKAGE / "bundled" / name


class Settings(BaseSettings):
    """One field, one environment variable."""

    model_config = SettingsConfigDict(env_prefix="METSTANDARD_", env_file=".env", extra="ignore", frozen=True)

    secret_key: str = Field("", description="Signs sign-in links and forms; at least 32 characters, never an example")
    data: Path = Field(Path("var"), description="Folder of the database, the evidence and the demonstration's clock")
    database_url: str = Field("", description="SQLAlchemy address; empty means SQLite in the data folder")
    evidence_url: str = Field(
        "", description="Where evidence is kept, as fsspec writes it; empty means the data folder"
    )
    evidence_options: str = Field(
        "", description="What that store wants beside its address, as JSON, such as the endpoint of an S3 server"
    )
    workflows: Path = Field(default_factory=lambda: _folder("workflows"), description="Folder of workflow files")
    rubrics: Path = Field(default_factory=lambda: _folder("rubrics"), description="Folder of rubric files")
    templates: Path = Field(default_factory=lambda: _folder("templates"), description="Folder of templates")
    demo: bool = Field(
        False, description="A demonstration: sign in with one click, move the clock. Never in production"
    )
    base_url: str = Field("http://127.0.0.1:8000", description="Public address, used in letters and on certificates")
    trusted_hosts: str = Field("", description="Host names answered, separated by commas; empty means that of base_url")
    proxies: int = Field(0, ge=0, le=5, description="Reverse proxies in front whose forwarded headers are believed")
    smtp_url: str = Field(
        "",
        description="Mail server, smtp://user:password@host:port, smtp+starttls:// or smtps://; else letters wait",
    )
    mail_from: str = Field("Met Standard <no-reply@localhost>", description="Sender of letters")
    daily_letter_hour: int = Field(
        7, ge=0, le=23, description="Hour in London at which those who chose one letter a day get it"
    )
    signing_key: str = Field(
        "", description="PKCS#12 or PEM file with the key and certificate that sign papers; empty leaves them unsigned"
    )
    signing_passphrase: str = Field("", description="Opens that file, where it is locked")
    signing_module: str = Field("", description="PKCS#11 module that holds the signing key, instead of a file")
    signing_token: str = Field("", description="Label of the token in that module; empty where there is only one")
    signing_label: str = Field("", description="Label of the key and of its certificate in the token")
    signing_pin: str = Field("", description="PIN of the token")
    signing_former: str = Field("", description="PEM file of earlier certificates whose papers stay genuine")
    badge_key: str = Field("", description="PEM file with the Ed25519 key of Open Badges; empty issues none")
    upload_megabytes: int = Field(20, ge=1, le=500, description="Largest evidence file")
    upload_megapixels: int = Field(100, ge=1, le=1000, description="Largest picture, in millions of pixels")
    clamd: str = Field(
        "", description="Virus scanner: host:port or the socket of a clamd; empty means that files are not scanned"
    )
    reply_working_days: int = Field(15, ge=1, le=60, description="Working days for a reply to a comment of the public")
    format_working_days: int = Field(
        20, ge=1, le=60, description="Working days for a paper in Braille, audio or signed video"
    )
    enquiry_months: int = Field(
        24, ge=1, le=120, description="Months after which an answered comment or request loses its name and words"
    )
    markings: Literal["official", "2009"] = Field(
        "official", description="Scheme of protective markings: official (OFFICIAL, OFFICIAL-SENSITIVE) or 2009"
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @property
    def database(self) -> str:
        """The SQLAlchemy address in use."""
        return self.database_url or f"sqlite:///{(self.data / 'metstandard.db').resolve()}"

    @property
    def evidence(self) -> str:
        """The fsspec address of the evidence store in use."""
        return self.evidence_url or f"file://{(self.data / 'evidence').resolve()}"

    @property
    def store_options(self) -> dict[str, Any]:
        """What fsspec is told beside the address. Raises BadSetting for what is no JSON object."""
        try:
            read = json.loads(self.evidence_options or "{}")
        except ValueError as fault:
            raise BadSetting("METSTANDARD_EVIDENCE_OPTIONS must be a JSON object") from fault
        if not isinstance(read, dict):
            raise BadSetting("METSTANDARD_EVIDENCE_OPTIONS must be a JSON object")
        return read

    @property
    def https(self) -> bool:
        """Whether people reach the site over HTTPS; decides the cookie's name and flags."""
        return self.base_url.startswith("https://")

    def check(self) -> None:
        """Refuse to start unsafely. Raises BadSetting naming the variable."""
        key = self.secret_key
        if len(key) < SHORTEST_KEY:
            raise BadSetting(f"METSTANDARD_SECRET_KEY must have at least {SHORTEST_KEY} characters")
        if not self.demo and any(word in key.lower() for word in _EXAMPLES):
            raise BadSetting("METSTANDARD_SECRET_KEY looks like an example: make one with `metstandard secret`")
        if len(set(key)) < SHORTEST_KEY // 4:
            raise BadSetting("METSTANDARD_SECRET_KEY repeats too few characters: make one with `metstandard secret`")
        _ = self.store_options
        if self.clamd and not _SCANNER.fullmatch(self.clamd):
            raise BadSetting("METSTANDARD_CLAMD must be host:port, or the path of a socket")
        if self.demo and self.https:
            raise BadSetting("METSTANDARD_DEMO must not be set on a site served over HTTPS")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
