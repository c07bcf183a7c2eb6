"""The Erhebungsbogen: an institution's reports of a round as a table, written and read back."""
