"""The audit trail as the KI reads it."""
