"""What the areas give: tables, words, pages, commands, jobs, found by the name of the module.

So a new area is one folder; beside it stand its line in the navigation (`tracker/web/shell.py`) and
its place in the order of imports (pyproject.toml).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

_ROOT = Path(__file__).parent


def modules(name: str) -> Iterator[ModuleType]:
    """Import every `tracker/<area>/<name>` and `tracker/<area>/<topic>/<name>`, in their order."""
    places = (
        f"{folder}/{file}"
        for folder in ("*", "*/*")
        for file in (f"{name}.py", f"{name}/__init__.py")
    )
    for path in sorted(path for place in places for path in _ROOT.glob(place)):
        parts = path.relative_to(_ROOT).with_suffix("").parts
        yield import_module(".".join(("tracker", *parts)).removesuffix(".__init__"))
