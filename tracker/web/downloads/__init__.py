"""Downloads: the reports of published rounds."""

from tracker.web.downloads.views import blueprint

__all__ = ["blueprint"]
