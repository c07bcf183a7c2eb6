"""Put the compressed forms of all static files beside them, which WhiteNoise sends.

`make install` runs this after one of them has changed.
"""

from pathlib import Path

from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parent.parent
KINDS = {".css", ".js", ".svg"}


def main() -> None:
    """Compress with Brotli and gzip, as small as can be."""
    compressor = Compressor(quiet=True)
    for path in ROOT.glob("tracker/**/web/static/**/*"):
        if path.suffix in KINDS:
            compressor.compress(str(path))


if __name__ == "__main__":
    main()
