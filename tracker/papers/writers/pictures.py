"""A chart as PNG, for programs that cannot draw SVG; the same drawing gives the same bytes."""

from __future__ import annotations

import typst

from tracker.papers.writers.font_coverage import fonts, with_glyphs

# A page one inch wide makes the dots per inch the width in dots.
_PAGE = (
    "#set page(width: 72pt, height: auto, margin: 0pt, fill: {ground})\n"
    '#image(bytes(sys.inputs.svg), format: "svg", width: 72pt)'
)


def svg_to_png(svg: str, width_px: int, *, ground: str = "white") -> bytes:
    """Return the drawing as PNG, `width_px` dots wide; the height follows the drawing.

    `ground` is a colour of typst or "none", for marks that stand on tinted ground too.

    Raises FontsMissingError where `make install` never ran, and typst.TypstError for what is no
    SVG.
    """
    png = typst.compile(
        _PAGE.format(ground=ground).encode(),
        format="png",
        ppi=float(width_px),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"svg": with_glyphs(svg)},
    )
    assert isinstance(png, bytes)  # noqa: S101 - one page, not several; tells the type checker
    return png
