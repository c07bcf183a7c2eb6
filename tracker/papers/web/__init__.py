"""Papers for the KI: choose, check, make; what was made; the office's Word template."""

from tracker.papers.web import choose, orders, word_template
from tracker.papers.web.base import blueprint

__all__ = ["blueprint", "choose", "orders", "word_template"]
