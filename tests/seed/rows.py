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


def count(session: Session, model: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


def measure(session: Session, code: str) -> EditionMeasure:
    return session.exec(select(EditionMeasure).where(EditionMeasure.code == code)).one()


def institution(session: Session, key: str) -> Institution:
    return session.exec(select(Institution).where(Institution.key == key)).one()
