"""Rules of domain.md as pure functions on values: standard library only, no clock, no database."""
