"""Writes: one verb per function, keyword-only, the audit event inside; the edge commits."""
