"""Commands: the way of a round."""

from tracker.cockpit.cli.rounds import register as register
