"""Workflow files: what they say, how they are read and proved, and the one step an act takes. Pure: no database."""
