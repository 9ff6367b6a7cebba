"""The pool of reviewers: profiles, spells and registers, and lists that come in by file."""
