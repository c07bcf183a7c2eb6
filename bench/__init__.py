"""`make bench`: how fast the pages are, as ratios to a Flask hello-world on the same server."""
