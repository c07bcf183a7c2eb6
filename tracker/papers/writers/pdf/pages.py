"""What a reader wants on one page: the sheet of a measure, from its heading to its last line."""

from __future__ import annotations

from typing import Any

from tracker.papers.writers.pdf.text_metrics import height

Data = dict[str, Any]

# Of about 245 millimetres, because the estimate is rough: what is higher begins where it stands.
_HIGHEST = 190
_ENDS = ("rule", "heading", "newpage")


def whole_sheets(blocks: list[Data], room: float) -> list[Data]:
    """Return the blocks (as data) with every sheet that fits on one page as one block.

    A sheet is a heading, perhaps its wording, a framed box, and all up to the next heading.
    """
    found: list[Data] = []
    at = 0
    while at < len(blocks):
        end = _end(blocks, at)
        part = blocks[at:end]
        if end - at > 1 and height(part, room) <= _HIGHEST:
            found.append({"kind": "sheet", "blocks": part})
        else:
            found += part
        at = end
    return found


def _end(blocks: list[Data], start: int) -> int:
    """Return where the sheet that begins here ends; one block further where none begins."""
    following = (at for at in range(start + 1, len(blocks)) if blocks[at]["kind"] in _ENDS)
    end = next(following, len(blocks))
    is_sheet = blocks[start]["kind"] == "heading" and any(
        item["kind"] == "side" and item["framed"] for item in blocks[start + 1 : end]
    )
    return end if is_sheet else start + 1
