"""Commands: papers and data of a published round."""

from tracker.papers.cli.exports import register as register
