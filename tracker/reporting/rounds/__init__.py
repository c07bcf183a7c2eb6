"""Rounds, their days and their planning."""
