"""Writes: one verb per function, the audit event inside."""
