"""The quarterly report: rounds, reports, review, Erhebungsbogen."""
