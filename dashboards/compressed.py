"""Bytes that are compressed once and sent many times."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cached_property

import brotli
from flask import Response, request

FOR_EVER = "private, max-age=31536000, immutable"


@dataclass(frozen=True)
class Kept:
    """A body with its compressed forms, each made when it is first asked for."""

    data: bytes
    mimetype: str
    quality: int = 9

    @cached_property
    def br(self) -> bytes:
        """The body for browsers that know Brotli: all current ones."""
        compressed: bytes = brotli.compress(self.data, quality=self.quality)
        return compressed

    @cached_property
    def gzip(self) -> bytes:
        """The body for everything else."""
        # mtime=0: the same body gives the same bytes.
        return gzip.compress(self.data, compresslevel=9, mtime=0)

    def response(self) -> Response:
        """Return the answer in the best form the request accepts."""
        accepted = request.headers.get("Accept-Encoding", "")
        response = Response(mimetype=self.mimetype)
        response.headers["Vary"] = "Accept-Encoding"
        if "br" in accepted:
            response.set_data(self.br)
            response.headers["Content-Encoding"] = "br"
        elif "gzip" in accepted:
            response.set_data(self.gzip)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response.set_data(self.data)
        return response


def for_ever(response: Response) -> Response:
    """Let browsers keep an answer whose address changes with its content."""
    response.headers["Cache-Control"] = FOR_EVER
    return response
