"""`tracker settings`: what can be set, what is in force, what it means."""

from __future__ import annotations

import argparse
import json
import textwrap
from dataclasses import fields
from typing import Any

from tracker.core.cli.frame import add_command, add_format
from tracker.core.cli.wording import without_password
from tracker.core.settings import Settings

MASKED = "***"


def register(commands: Any) -> None:
    parser = add_command(
        commands,
        "settings",
        show,
        text="Einstellungen erklären und die geltenden Werte zeigen",
        more="Jede ist eine Umgebungsvariable; Geheimnisse werden nicht gezeigt.",
    )
    add_format(parser, "text", "json", default="text")


def show(arguments: argparse.Namespace, settings: Settings) -> None:
    rows = explained(settings)
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for setting in rows:
        origin = "Vorgabe" if setting["is_default"] else "gesetzt"
        print(f"{setting['variable']} = {_shown(setting['value'])}  [{origin}]")
        print(textwrap.indent(textwrap.fill(setting["explanation"], 92), "    "))


def explained(settings: Settings) -> list[dict[str, Any]]:
    """Return each setting as variable, value (secrets masked), is_default, explanation."""
    rows = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        is_default = value == field.default
        if field.metadata["secret"] and value:
            value = MASKED
        if field.name == "database_url":
            value = without_password(value)
        rows.append(
            {
                "variable": field.name.upper(),
                "value": value,
                "is_default": is_default,
                "explanation": field.metadata["explanation"],
            }
        )
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(str(entry) for entry in value)
    return {"": "(leer)", True: "1", False: "0"}.get(value, str(value))
