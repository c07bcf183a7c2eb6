"""Every table of every area: foreign keys name tables, and a name is found once it is imported."""

import tracker.accounts.models
import tracker.concept.models
import tracker.core.models
import tracker.outbox.models
import tracker.papers.models
import tracker.publication.models
import tracker.reporting.models  # noqa: F401
