"""From a request to a finished file."""
