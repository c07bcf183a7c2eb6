"""Mail: an outbox that survives restarts, its delivery, and the texts (links only, no content)."""
