"""Pages for everybody: start, legal notices, accessibility, legend of terms, health."""

from tracker.pages.web.views import blueprint

__all__ = ["blueprint"]
