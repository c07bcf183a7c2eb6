"""The marks of design.md as SVG: one set for pages, dashboards, PDF and DOCX.

A mark is drawn on a 16 × 16 grid in one colour and never stands without its word.
"""

from __future__ import annotations

from html import escape

_RING = '<circle cx="8" cy="8" r="6" fill="none" stroke="{c}" stroke-width="2"/>'
_LINE = '<path d="{d}" fill="none" stroke="{{c}}" stroke-width="2.4" stroke-linecap="round"/>'


def _line(path: str) -> str:
    return _LINE.format(d=path)


_SHAPES = {
    "circle-empty": _RING,
    "circle-quarter": _RING + '<path d="M8 8V2a6 6 0 0 1 6 6Z" fill="{c}"/>',
    "circle-half": _RING + '<path d="M8 2a6 6 0 0 1 0 12Z" fill="{c}"/>',
    "circle-full": '<circle cx="8" cy="8" r="7" fill="{c}"/>',
    "check": _line("M2.5 8.5l3.8 4L13.5 4"),
    "loop": _line("M13.2 9.2A5.4 5.4 0 1 1 11.6 4")
    + '<path d="M9.4 5.6L14 6.4 13.4 1.6Z" fill="{c}"/>',
    "pause": '<path d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" fill="{c}"/>',
    "cross": _line("M3.5 3.5l9 9M12.5 3.5l-9 9"),
    "question": (
        '<rect x="1" y="1" width="14" height="14" rx="2" fill="none" stroke="{c}" '
        'stroke-width="1.2" stroke-dasharray="2.4 1.6"/>'
        '<path d="M5.9 6.2a2.1 2.1 0 1 1 3.3 1.7C8.3 8.5 8 8.9 8 9.7" fill="none" stroke="{c}" '
        'stroke-width="1.6" stroke-linecap="round"/><circle cx="8" cy="12" r="1" fill="{c}"/>'
    ),
    "dash": _line("M3 8h10"),
    "triangle": '<path d="M8 1.5L15 14.5H1Z" fill="{c}"/>',
    "clock": _RING + '<path d="M8 4.2V8.3l2.6 1.6" fill="none" stroke="{c}" stroke-width="1.8" '
    'stroke-linecap="round"/>',
    "calendar": (
        '<path d="M2 4h12v9.5H2Z" fill="none" stroke="{c}" stroke-width="1.8" '
        'stroke-linejoin="round"/><path d="M2 3.4h12v3.4H2ZM4.4 1h1.8v3H4.4ZM9.8 1h1.8v3H9.8Z" '
        'fill="{c}"/>'
    ),
    "diamond": '<path d="M8 .8L15.2 8 8 15.2.8 8Z" fill="{c}"/>',
    "arrow-up": _line("M8 14V3M3.5 7.2L8 2.6l4.5 4.6"),
    "arrow-down": _line("M8 2v11M3.5 8.8L8 13.4l4.5-4.6"),
    # An empty box to tick on paper.
    "box": (
        '<rect x="1.5" y="1.5" width="13" height="13" fill="none" stroke="{c}" stroke-width="1.2"/>'
    ),
    "plus": _line("M8 2.5v11M2.5 8h11"),
    "equal": _line("M3 5.5h10M3 10.5h10"),
    "page": '<path d="M3.5 1.5h6l3 3v10h-9Z" fill="none" stroke="{c}" stroke-width="1.6" '
    'stroke-linejoin="round"/><path d="M5.8 7h4.4M5.8 10h4.4" stroke="{c}" stroke-width="1.4"/>',
    "grid": '<path d="M2 2.5h12v11H2ZM2 6.2h12M2 9.9h12M6.5 2.5v11" fill="none" stroke="{c}" '
    'stroke-width="1.5"/>',
    "folder": '<path d="M1.8 3.2h4.6l1.6 2h6.2v8.2H1.8Z" fill="none" stroke="{c}" '
    'stroke-width="1.7" stroke-linejoin="round"/>',
}
ICONS = tuple(_SHAPES)


def shape(icon: str, *, colour: str) -> str:
    """Return the mark's SVG elements for a larger drawing (16 × 16 units, origin top left).

    Raises KeyError for a name that is no mark.
    """
    return _SHAPES[icon].format(c=colour)


def svg(icon: str, *, size: int = 16, colour: str | None = None, title: str | None = None) -> str:
    """Return the mark as an `<svg>` of `size` pixels; without a colour it takes the text's.

    With a title it is an image of its own; without, it is hidden from screen readers because
    the word stands beside it. Raises KeyError for a name that is no mark.
    """
    name = (
        'aria-hidden="true" focusable="false"'
        if title is None
        else f'role="img" aria-label="{escape(title)}"'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mark__icon" width="{size}" '
        f'height="{size}" viewBox="0 0 16 16" {name}>'
        f"{shape(icon, colour=colour or 'currentColor')}</svg>"
    )
