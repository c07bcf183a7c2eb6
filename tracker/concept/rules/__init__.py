"""Rules of the concept: plain Python."""
