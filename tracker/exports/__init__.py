"""Exports of published rounds: one content model, thin writers."""
