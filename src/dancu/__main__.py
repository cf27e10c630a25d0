"""`python -m dancu`."""

from dancu.cli import main

main(prog_name="dancu")
