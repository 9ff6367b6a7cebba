"""`metstandard demo`: a deterministic programme, played through the acts that people use, never by writing rows."""

from metstandard.cli.demo.command import demo

__all__ = ["demo"]
