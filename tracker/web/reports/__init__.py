"""The institution's pages: "Meine Maßnahmen", the report form, the report as submitted."""
