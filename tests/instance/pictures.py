"""PNG pictures for tests, drawn by the library that tests have."""

from __future__ import annotations

import io

from PIL import Image
from PIL.PngImagePlugin import PngInfo


def png(width: int = 8, height: int = 4, *, note: str = "") -> bytes:
    """A picture of one colour; `note` is hidden in the file."""
    info = PngInfo()
    if note:
        info.add_text("Comment", note)
    file = io.BytesIO()
    Image.new("RGB", (width, height), (0, 70, 160)).save(file, "PNG", pnginfo=info)
    return file.getvalue()
