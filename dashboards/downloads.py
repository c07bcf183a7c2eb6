"""The table beside a chart as a CSV file: the same rows, in the state of the page."""

from __future__ import annotations

from flask import Response, abort, request

from dashboards.pages import routes
from dashboards.pages.view import View, read
from tracker.publication.reading.csv_file import to_csv


def csv_file(key: str) -> Response:
    """Return a table of the page named by `seite`; 404 for what no page has."""
    path = request.args.get("seite", "")
    found = routes.find(path)
    if found is None:
        abort(404)
    page, place = found
    query = {
        name: values[0] if len(values) == 1 else values for name, values in request.args.lists()
    }
    view = read(page, {**query, **place})
    if not isinstance(view, View):
        abort(404)
    table = page.tables(view).get(key)
    if table is None:
        abort(404)
    round_ = view.overview["round"]
    version = f"-fassung-{round_['version']}" if round_["version"] > 1 else ""
    name = f"{key}-{round_['period']}{version}.csv"
    return Response(
        to_csv(table, invented=bool(view.overview["demonstration"])),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
