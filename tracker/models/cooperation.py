"""Who else works on a report: partners' contributions, and answers that came in a file."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field as Col
from sqlmodel import SQLModel

from tracker.models.base import reference, together


class Contribution(SQLModel, table=True):
    """What a partner institution adds to the lead's report (domain.md 5); never counted itself.

    `content` holds text, participants and cost; `version` refuses a second save over somebody
    else's; `taken_version` is the version that the lead took over.
    """

    __table_args__ = (
        UniqueConstraint("report_id", "institution_id"),
        CheckConstraint("version > 0", name="version"),
        together("taken_over", "taken_at", "taken_by_id", "taken_version"),
        CheckConstraint(
            "taken_version IS NULL OR (taken_version > 0 AND taken_version <= version)",
            name="taken_version",
        ),
    )

    id: int | None = Col(default=None, primary_key=True)
    report_id: int = Col(sa_column=reference("report.id", index=False))
    institution_id: int = Col(sa_column=reference("institution.id"))
    content: dict[str, Any] = Col(sa_column=Column(JSON, nullable=False))
    version: int
    saved_at: datetime
    saved_by_id: int = Col(sa_column=reference("account.id"))
    taken_at: datetime | None = None
    taken_by_id: int | None = Col(default=None, sa_column=reference("account.id", nullable=True))
    taken_version: int | None = None


class QuestionnaireUpload(SQLModel, table=True):
    """An Erhebungsbogen that was read without a problem and waits to be taken over, as a whole.

    `answers` lists {report_id, version, content}: what would be saved, and over which version.
    """

    __tablename__ = "questionnaire_upload"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256"),)

    id: int | None = Col(default=None, primary_key=True)
    round_id: int = Col(sa_column=reference("round.id"))
    institution_id: int = Col(sa_column=reference("institution.id"))
    file_name: str = Col(max_length=200)
    sha256: str = Col(max_length=64)
    answers: list[dict[str, Any]] = Col(sa_column=Column(JSON, nullable=False))
    uploaded_at: datetime
    uploaded_by_id: int = Col(sa_column=reference("account.id"))
    applied_at: datetime | None = None
