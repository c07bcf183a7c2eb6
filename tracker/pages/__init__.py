"""Pages for everybody: start, legal notices, accessibility, terms."""
