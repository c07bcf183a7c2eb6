"""The one reading of a published round, for screen and paper."""
