"""The Erhebungsbogen: download, upload, what would change, taking it over."""

from tracker.reporting.questionnaire.web.views import blueprint

blueprints = (blueprint,)
