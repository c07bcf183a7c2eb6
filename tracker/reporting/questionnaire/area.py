"""The Erhebungsbogen is an area that can be switched off."""

from tracker.core.switching import SwitchableArea, register

register(
    SwitchableArea(
        key="erhebungsbogen",
        title="Erhebungsbogen als Tabelle",
        purpose="Institutionen laden ihre Maßnahmen als XLSX herunter, füllen sie aus und laden "
        "sie wieder hoch. Abgeschaltet melden alle im Formular.",
        package="tracker.reporting.questionnaire",
    )
)
