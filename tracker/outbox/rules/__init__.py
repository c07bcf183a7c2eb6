"""Rules: plain Python on values."""
