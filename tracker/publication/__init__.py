"""From facts to the published record, and the one reading of it."""
