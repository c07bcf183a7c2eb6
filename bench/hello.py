"""The yardstick: the smallest Flask application."""

from flask import Flask

from tracker.web.front import Front


def create() -> Front:
    """Return an application with one page of one line, behind the product's front."""
    app = Flask(__name__)

    @app.get("/")
    def hello() -> str:
        return "Hello, World!"

    return Front(app)
