"""The outbox: mails that survive a restart and go once."""
