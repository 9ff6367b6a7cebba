"""`python -m metstandard.cli` is the command `metstandard`: how one process of ours starts another."""

from metstandard.cli import main

main()
