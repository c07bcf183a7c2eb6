"""The KI's review of submitted reports."""
