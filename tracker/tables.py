"""Every table of every area: foreign keys name tables, and a name is found once it is imported."""

from tracker.areas import modules

ALL = tuple(modules("models"))
