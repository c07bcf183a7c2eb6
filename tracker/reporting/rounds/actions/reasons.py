"""What the KI writes beside a decision: checked before it is kept, for it may be published."""

from __future__ import annotations

from tracker.core.errors import Invalid, Problem
from tracker.core.text import MAX_TEXT, without_control_characters


def checked(text: str, *, field: str) -> str:
    """Return the text without blanks around it, which may leave nothing.

    Raises Invalid at `field` for a text that is too long or has invisible control characters:
    nothing is cut or taken out unseen.
    """
    found = without_control_characters(text)[1]
    if found:
        raise Invalid(
            f"Der Text enthält {found} unsichtbare Steuerzeichen. Bitte fügen Sie ihn als reinen "
            "Text ein oder schreiben Sie ihn neu.",
            problems=(Problem(field, "control_characters", (("count", found),)),),
        )
    if len(text) > MAX_TEXT:
        raise Invalid(
            f"Der Text hat {len(text)} Zeichen, möglich sind {MAX_TEXT}. Bitte kürzen Sie ihn.",
            problems=(
                Problem(field, "text_too_long", (("length", len(text)), ("limit", MAX_TEXT))),
            ),
        )
    return text.strip()
