"""Which mails are due in a round, to whom, and their letters."""
