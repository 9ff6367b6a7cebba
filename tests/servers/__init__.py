"""Real servers for tests: PostgreSQL, a mail server, Chromium and the product itself.

Loaded as a pytest plugin by tests/conftest.py. What a machine lacks fails the test with the command that installs it;
nothing is skipped.
"""

pytest_plugins = [
    f"tests.servers.{name}" for name in ("browser", "bucket", "clamd", "demonstration", "mail", "postgresql", "product")
]
