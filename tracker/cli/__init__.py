"""The command line: `tracker …`."""

from tracker.cli.commands import build_parser, main

__all__ = ["build_parser", "main"]
