"""A chart as PNG, for programs that cannot draw SVG; the same drawing gives the same bytes."""

from __future__ import annotations

import typst

from tracker.exports.glyphs import fonts, with_glyphs

# A page one inch wide makes the dots per inch the width in dots.
_PAGE = (
    b"#set page(width: 72pt, height: auto, margin: 0pt, fill: white)\n"
    b'#image(bytes(sys.inputs.svg), format: "svg", width: 72pt)'
)


def svg_to_png(svg: str, width_px: int) -> bytes:
    """Return the drawing as PNG on white, `width_px` dots wide; the height follows the drawing.

    Raises FontsMissingError where `make install` never ran, and typst.TypstError for what is no
    SVG.
    """
    found = typst.compile(
        _PAGE,
        format="png",
        ppi=float(width_px),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"svg": with_glyphs(svg)},
    )
    assert isinstance(found, bytes)  # noqa: S101 - one page, not several; tells the type checker
    return found
