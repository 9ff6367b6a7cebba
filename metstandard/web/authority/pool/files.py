"""Lists of reviewers by file."""
