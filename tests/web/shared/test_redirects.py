"""Addresses that lead away are told from addresses of ours."""

from __future__ import annotations

from flask import Flask

from metstandard.web.shared.redirects import is_local, is_ours

AWAY = [
    "", "account", "//evil", "///evil", "\\\\evil", "/\\evil", "/\\/evil", "/%5cevil", "/\tevil", "/\t/evil",
    "/%09/evil", "/%0a/evil", "/%2f/evil", "/%2Fevil.example", "http:evil", "http://evil", "https:/evil",
    "javascript:alert(1)", "/\x00evil", "/\x7f", " /account", "/account x",
]  # fmt: skip


def test_whatever_a_browser_could_read_as_another_host_is_away() -> None:
    assert [target for target in AWAY if is_local(target)] == []


def test_our_own_pages_are_ours_and_pages_that_only_take_forms_are_not(app: Flask) -> None:
    ours = {"/account": True, "/account?x=/y": True, "/sign-out": False, "/nothing": False, "//account": False}
    with app.test_request_context("/"):
        assert {target: is_ours(target) for target in ours} == ours
