"""Charts as pure functions: numbers and words in, a plotly figure as a plain dict out."""
