"""Whether the instance is in order: for monitors, for the operator's watch, for the KI."""
