"""The concept and the institutions as editable data, and the demonstration."""
