#!/bin/sh
# Installs everything into .venv: `make install` calls this when a lock file has changed.
# uv does it where there is one (seconds), else pip does; both check the hashes of the lock.
# $1: the Python to build .venv with.
set -eu

fail() {
    echo "FEHLER: $1" >&2
    exit 1
}

PYTHON=$1
command -v "$PYTHON" >/dev/null 2>&1 ||
    fail "'$PYTHON' nicht gefunden. Bitte Python ab 3.11 installieren oder 'make PYTHON=/pfad/zu/python3 …' aufrufen."
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    fail "'$PYTHON' ist $("$PYTHON" --version 2>&1), gebraucht wird Python ab 3.11. Anderes Python: 'make PYTHON=python3.12 …'."

UV=$(command -v uv || true)
[ -n "$UV" ] || [ ! -x .venv/bin/uv ] || UV=.venv/bin/uv

if ! .venv/bin/python -c '' 2>/dev/null; then
    rm -rf .venv
    if [ -n "$UV" ]; then
        "$UV" venv --quiet --python "$PYTHON" .venv
    else
        "$PYTHON" -m venv .venv >/dev/null 2>&1 ||
            fail "'$PYTHON -m venv .venv' gelingt nicht. Unter Debian und Ubuntu fehlt dann 'apt-get install python3-venv'."
    fi
fi

# The lock names every package, so nothing is resolved; setuptools comes from the lock too, so
# building the editable install asks no index.
if [ -n "$UV" ]; then
    "$UV" pip install --quiet --python .venv/bin/python --no-deps --require-hashes -r requirements-dev.lock
    "$UV" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
