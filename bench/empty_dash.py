"""The yardstick for the first chart: an empty Dash page with one chart, as Dash makes it."""

from dash import Dash, dcc

from tracker.web.front import Front


def create() -> Front:
    """Return an application with one page of one chart, behind the product's front."""
    app = Dash("empty", serve_locally=True)
    app.layout = dcc.Graph(figure={"data": [{"type": "bar", "x": [1, 2, 3], "y": [3, 1, 2]}]})
    return Front(app.server)
