#!/bin/sh
# Installs everything into .venv: `make install` calls this when a lock file has changed.
# uv does it in seconds: the system's, else one that pip installs first. Where uv fails (it does not
# read pip's configuration, say of a mirror), pip does it. All check the hashes of the lock.
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

pip_install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps "$@"
}

# What every start and every test loads is compiled here, once, also where the environment says
# PYTHONDONTWRITEBYTECODE; otherwise each process would compile it again.
compile() {
    env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -W ignore -c \
        "import tracker.app, tracker.cli.commands, tracker.jobs, tracker.core.migrate, seed.demo
import alembic.command, hypothesis, openpyxl, playwright.sync_api, psycopg, pypdf, pytest, xdist" || true
}

if [ -z "$UV" ] && pip_install --require-hashes -r requirements-uv.lock; then
    UV=.venv/bin/uv
fi

# The lock names every package, so nothing is resolved; hatchling comes from the lock too, so
# building the editable install asks no index.
if [ -n "$UV" ]; then
    uv_install() {
        "$UV" pip install --quiet --python .venv/bin/python --no-deps "$@"
    }
    uv_install --require-hashes -r requirements-dev.lock &&
        uv_install --no-build-isolation --editable . && compile && exit
    echo "uv ist gescheitert, pip versucht es …" >&2
    .venv/bin/python -m ensurepip >/dev/null 2>&1 || true
fi
pip_install --require-hashes -r requirements-dev.lock &&
    pip_install --no-build-isolation --editable . ||
    fail "Die Pakete lassen sich nicht installieren. Ist das Netz oder der Paketspiegel erreichbar?"
compile
