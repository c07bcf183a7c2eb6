"""Rows that the seed has written, and seed files as somebody edits them."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session, SQLModel, func, select

from tracker.concept.models import EditionMeasure, Institution


def edit(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    content = file.read_text(encoding="utf-8")
    assert content.count(old) == 1
    file.write_text(content.replace(old, new), encoding="utf-8")


SECOND = """
key: teilhabeplan
title: Teilhabeplan
city: Bielefeld
resolved_on: 2024-05-16
source: Drucksache 7/2024
edition:
  number: 1
  title: Fassung 2024
  valid_from: 2024-05-16
principles:
  - key: teilhabe
    name: Teilhabe am Stadtleben
"""
SECOND_INSTITUTIONS = """
source: Drucksache 7/2024
institutions:
  - key: seniorenrat
    name: Seniorenrat der Stadt Bielefeld
    short_name: Seniorenrat
    kind: municipal
"""
# Numbers and keys are those of the first concept, too.
SECOND_FIELD = """
number: 1
name: Beratung
goals:
  - number: 1
    title: Wege verkürzen
    title_annex2: Wege verkürzen.
    notes:
      - So beschlossen.
    measures:
      - code: "1.1"
        text: Lotsen schulen.
        indicators:
          - key: fortbildungstage
            name: Schulungstage
            kind: target
            operator: at_least
            value: 4
            unit: Tage
      - code: "1.2"
        text: Sprechstunden in den Stadtteilen.
  - number: 2
    title: Übergänge sichern
    title_annex2: Übergänge sichern.
    measures:
      - code: "2.1"
        text: Fallkonferenzen.
"""


def second_concept(folder: Path) -> Path:
    """Write the files of a second, small concept; returns their folder."""
    (folder / "fields").mkdir(parents=True)
    (folder / "concept.yaml").write_text(SECOND, encoding="utf-8")
    (folder / "institutions.yaml").write_text(SECOND_INSTITUTIONS, encoding="utf-8")
    (folder / "fields" / "01.yaml").write_text(SECOND_FIELD, encoding="utf-8")
    return folder


def count(session: Session, model: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


def measure(session: Session, code: str) -> EditionMeasure:
    return session.exec(select(EditionMeasure).where(EditionMeasure.code == code)).one()


def institution(session: Session, key: str) -> Institution:
    return session.exec(select(Institution).where(Institution.key == key)).one()
