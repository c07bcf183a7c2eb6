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

    def best(self, accepted: str) -> tuple[bytes, str]:
        """Return the best form for an Accept-Encoding, with its Content-Encoding ("": as it is)."""
        if "br" in accepted:
            return self.br, "br"
        if "gzip" in accepted:
            return self.gzip, "gzip"
        return self.data, ""

    def response(self) -> Response:
        """Return the answer in the best form the request accepts."""
        body, encoding = self.best(request.headers.get("Accept-Encoding", ""))
        response = Response(body, mimetype=self.mimetype)
        response.headers["Vary"] = "Accept-Encoding"
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response


def for_ever(response: Response) -> Response:
    """Let browsers keep an answer whose address changes with its content."""
    response.headers["Cache-Control"] = FOR_EVER
    return response
