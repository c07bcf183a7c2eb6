"""What an Erhebungsbogen says where nothing is read, kept to be shown before it is taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "questionnaire_upload", sa.Column("notes", sa.JSON(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    op.drop_column("questionnaire_upload", "notes")
