"""The clock: one process that does what is due and not done yet."""
