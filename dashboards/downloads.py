"""The table beside a chart as a CSV file: the same rows, in the state of the page."""

from __future__ import annotations

from flask import Response, abort, request

from dashboards.pages import routes
from dashboards.pages.view import View, read
from tracker.core.german import day
from tracker.publication.reading.content import DEMONSTRATION
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
    basis = f"Berichtsrunde {round_['label']}, Stichtag {day(round_['as_of'])}"
    notes = [f"{basis}, Fassung {round_['version']}"]
    if view.overview["demonstration"]:
        notes.append(DEMONSTRATION)
    # The notes say that data is invented, below the table instead of in every row.
    return Response(
        to_csv(table, invented=False, notes=notes),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{key}-{round_["period"]}.csv"'},
    )
