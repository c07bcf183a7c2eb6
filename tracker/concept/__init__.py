"""The concept: fields, goals, measures, institutions, responsibilities, Ziff. 5."""
