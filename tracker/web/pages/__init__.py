"""Pages for everybody: start, legal notices, accessibility, legend of terms, health."""

from tracker.web.pages.views import blueprint

__all__ = ["blueprint"]
