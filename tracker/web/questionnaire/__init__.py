"""The Erhebungsbogen: download, upload, what would change, taking it over."""

from tracker.web.questionnaire.views import blueprint

__all__ = ["blueprint"]
