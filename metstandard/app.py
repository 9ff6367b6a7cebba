"""Wiring: one Flask application from settings, rooms and doors."""

from __future__ import annotations

import logging

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from metstandard.common import clock
from metstandard.common.settings import Settings
from metstandard.common.settings import settings as read_settings
from metstandard.documents import signing
from metstandard.web import account, authority, public, reviewers, units
from metstandard.web.shared.access import register_access
from metstandard.web.shared.database import register_database, rollback
from metstandard.web.shared.errors import register_errors
from metstandard.web.shared.headers import register_headers
from metstandard.web.shared.languages import register_languages
from metstandard.web.shared.logs import register_logs
from metstandard.web.shared.pages import prepare_pages
from metstandard.web.shared.security import register_security
from metstandard.web.shared.sessions import register_sessions

log = logging.getLogger(__name__)
_MEGABYTE = 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Raises BadSetting when it would be unsafe to start."""
    chosen = settings or read_settings()
    chosen.check()
    signing.check(chosen)
    if not signing.signs(chosen):
        log.warning(signing.UNSIGNED)
    app = Flask("metstandard", static_folder="web/static", static_url_path="/static", template_folder=None)
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        METSTANDARD_DEMO=chosen.demo,
        METSTANDARD=chosen,
        MAX_CONTENT_LENGTH=(chosen.upload_megabytes + 1) * _MEGABYTE,
        MAX_FORM_MEMORY_SIZE=4 * _MEGABYTE,
        MAX_FORM_PARTS=5000,
        TRUSTED_HOSTS=_hosts(chosen),
        WTF_CSRF_TIME_LIMIT=None,
    )
    register_logs(app)
    if chosen.demo:
        clock.keep_shift_in(chosen.data / "clock-shift")
        app.before_request(clock.sync)
    if chosen.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=chosen.proxies, x_proto=chosen.proxies, x_host=chosen.proxies
        )
    register_database(app, chosen.database)
    register_sessions(app, https=chosen.https)
    register_errors(app, rollback=rollback)
    register_headers(app, https=chosen.https)
    prepare_pages(app, chosen.templates)
    CSRFProtect(app)
    register_security(app)
    register_access(app)
    for door in (authority.door, reviewers.door, units.door, public.door, account.door):
        app.register_blueprint(door)
    if chosen.demo:
        from metstandard.web import demo  # noqa: PLC0415 (never loaded in production)

        app.register_blueprint(demo.door)
    register_languages(app)
    return app


def _hosts(settings: Settings) -> list[str] | None:
    if settings.trusted_hosts:
        return [one.strip() for one in settings.trusted_hosts.split(",")]
    if settings.demo:
        return None
    return [settings.base_url.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]]
