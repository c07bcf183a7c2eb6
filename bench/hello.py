"""The yardstick: the smallest Flask application."""

from flask import Flask


def create() -> Flask:
    """Return an application with one page of one line."""
    app = Flask(__name__)

    @app.get("/")
    def hello() -> str:
        return "Hello, World!"

    return app
