"""What must never be is refused by both databases themselves, whoever writes: bad rows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from tests.factories import CRITICAL, World, moment
from tracker.concept.actions import concept
from tracker.concept.actions.concept import MeasureEdit
from tracker.concept.models import Competence, Indicator, IndicatorKind
from tracker.reporting.models import Report
from tracker.reporting.review.actions import review
from tracker.reporting.rounds.actions import rounds


def revision(implementation: str, course: str, reason: str, number: int = 9) -> str:
    """A further revision that says this; revisions are never changed, only added."""
    return (
        "INSERT INTO report_revision (report_id, number, implementation, course, reason, content,"
        " unchanged, submitted_at, submitted_by_id, on_behalf)"
        f" SELECT report_id, {number}, '{implementation}', {course}, '{reason}', content,"
        " unchanged, submitted_at, submitted_by_id, on_behalf FROM report_revision"
    )


def contribution(values: str) -> str:
    return (
        "INSERT INTO contribution (report_id, institution_id, content, saved_at, saved_by_id,"
        " version, taken_at, taken_by_id, taken_version)"
        f" SELECT :expected, :ibz, '{{}}', saved_at, saved_by_id, {values}"
        " FROM (SELECT opened_at AS saved_at, :ki AS saved_by_id FROM round) AS given"
    )


def substitution(representative: str, last: str) -> str:
    return (
        "INSERT INTO substitution (representative_id, deputy_id, valid_from, valid_to,"
        f" created_at, created_by_id) SELECT {representative}, :ki, '2026-10-05', {last},"
        " opened_at, :ki FROM round"
    )


def decision(kind: str, comment: str, by: str = "decided_by_id") -> str:
    """A further decision that says this; decisions are never changed, only added."""
    return (
        "INSERT INTO review (report_id, revision, decision, comment, decided_at, decided_by_id)"
        f" SELECT report_id, revision, '{kind}', '{comment}', decided_at, {by} FROM review"
    )


# Each statement makes one row nonsense; named after what it would say. Ids are filled in:
# :submitted and :expected are reports, :round is open, :vhs, :ibz institutions, :ki an account.
NONSENSE = {
    "an Umsetzungsstand nobody knows": revision("half_done", "NULL", "x"),
    "a round in no state of ours": "UPDATE round SET state = 'paused'",
    "a role nobody has": "UPDATE account SET role = 'admin' WHERE id = :ki",
    "a report in no state of ours": "UPDATE report SET state = 'lost' WHERE id = :expected",
    "a critical report without reason": revision("in_progress", "'critical'", ""),
    "a deferred report without reason": revision("deferred", "NULL", ""),
    "in Umsetzung without Verlauf": revision("in_progress", "NULL", "x"),
    "umgesetzt with Verlauf": revision("completed", "'on_track'", "x"),
    "two revisions of one number": revision("in_progress", "'on_track'", "", number=1),
    "submitted by nobody": "UPDATE report SET submitted_by_id = NULL WHERE id = :submitted",
    "submitted but never": (
        "UPDATE report SET submitted_at = NULL, submitted_by_id = NULL,"
        " first_submitted_at = NULL WHERE id = :submitted"
    ),
    "accepted without submission": "UPDATE report SET state = 'accepted' WHERE id = :expected",
    "returned on no day": "UPDATE report SET state = 'returned' WHERE id = :submitted",
    "befreit without when and why": "UPDATE report SET state = 'waived' WHERE id = :expected",
    "befreit with an empty reason": "UPDATE report SET waived_reason = '' WHERE id = :waived",
    "befreit by nobody": "UPDATE report SET waived_by_id = NULL WHERE id = :waived",
    "befreit from no state": "UPDATE report SET state_before_waiver = NULL WHERE id = :waived",
    "a reason of a waiver that is none": (
        "UPDATE report SET waived_reason = 'x' WHERE id = :expected"
    ),
    "a reviewed value without reason": (
        "UPDATE report SET reviewed_implementation = 'planned' WHERE id = :submitted"
    ),
    "a reviewed value with an empty reason": (
        "UPDATE report SET reviewed_implementation = 'planned', reviewed_reason = ''"
        " WHERE id = :submitted"
    ),
    "a reviewed Verlauf alone": (
        "UPDATE report SET reviewed_course = 'critical' WHERE id = :submitted"
    ),
    "a dissent by nobody": "UPDATE report SET dissent = 'Nein' WHERE id = :submitted",
    "two reports of one measure": (
        "INSERT INTO report (round_id, measure_id, institution_id, state, draft_version, revision,"
        " unchanged, unchanged_streak, on_behalf)"
        " SELECT round_id, measure_id, :ibz, 'expected', 0, 0, unchanged, 0, on_behalf"
        " FROM report WHERE id = :expected"
    ),
    "a report of no measure": "UPDATE report SET measure_id = 999999 WHERE id = :expected",
    "a return without comment": decision("returned", ""),
    "a revocation without reason": decision("revoked", ""),
    "a decision nobody knows": decision("postponed", "x"),
    "a decision by nobody": decision("accepted", "", by="NULL"),
    "an extension without reason": "UPDATE extension SET reason = ''",
    "an extension for nobody": "UPDATE extension SET institution_id = NULL",
    "an extension for both": "UPDATE extension SET report_id = :expected",
    "a whole institution that joins": "UPDATE extension SET joins = (1 = 1)",
    "cancelled after the opening on no day": "UPDATE round SET state = 'cancelled'",
    "cancelled after the opening without reason": (
        "UPDATE round SET state = 'cancelled', cancelled_at = opened_at"
    ),
    "cancelled after the opening with an empty reason": (
        "UPDATE round SET state = 'cancelled', cancelled_at = opened_at, cancelled_reason = ''"
    ),
    "a day of cancelling in a round that is open": (
        "UPDATE round SET cancelled_at = opened_at, cancelled_reason = 'x'"
    ),
    "a correction of what was never published": "UPDATE round SET before_correction = '{}'",
    "due within the period": "UPDATE round SET due_on = period_end",
    "a period that ends before it begins": "UPDATE round SET period_end = '2020-01-01'",
    "open since never": "UPDATE round SET opened_at = NULL",
    "closed on no day": "UPDATE round SET state = 'closed'",
    "published on no day": "UPDATE round SET state = 'published', closed_at = opened_at",
    "no day to answer": "UPDATE round SET resubmit_days = 0",
    "two rounds of one period": (
        "INSERT INTO round (concept_id, edition_id, period, period_start, period_end, state,"
        " due_on, resubmit_days, correction_reason) SELECT concept_id, edition_id, period,"
        " period_start, period_end, 'planned', due_on, 7, '' FROM round"
    ),
    "two open leads": (
        "INSERT INTO responsibility (measure_id, institution_id, role, valid_from)"
        " SELECT measure_id, :ibz, 'lead', '2021-01-01' FROM responsibility"
    ),
    "a responsibility that ends before it begins": (
        "UPDATE responsibility SET valid_to = '2019-12-31'"
    ),
    "a lead nobody knows": "UPDATE responsibility SET institution_id = 999999",
    "an institution that is still named": "DELETE FROM institution WHERE id = :vhs",
    "a representative without institution": (
        "UPDATE account SET institution_id = NULL, function = NULL WHERE id = :vhs_account"
    ),
    "a member of the KI within an institution": (
        "UPDATE account SET institution_id = :vhs, function = 'staff' WHERE id = :ki"
    ),
    "an institution's account without function": (
        "UPDATE account SET function = NULL WHERE id = :vhs_account"
    ),
    "an address in capitals": "UPDATE account SET email = 'KI@example.org' WHERE id = :ki",
    "two accounts of one address": ("UPDATE account SET email = 'hba@example.org' WHERE id = :ki"),
    "a correction without reason": (
        "INSERT INTO snapshot (round_id, period, version, document, sha256, reason, published_at)"
        " SELECT id, period, 2, '{}', :hash, '', opened_at FROM round"
    ),
    "a snapshot before the first": (
        "INSERT INTO snapshot (round_id, period, version, document, sha256, reason, published_at)"
        " SELECT id, period, 0, '{}', :hash, 'x', opened_at FROM round"
    ),
    "a hash that is none": (
        "INSERT INTO snapshot (round_id, period, version, document, sha256, reason, published_at)"
        " SELECT id, period, 1, '{}', 'abc', '', opened_at FROM round"
    ),
    "a note about two things": (
        "INSERT INTO editorialnote (edition_goal_id, edition_measure_id, position, text)"
        " SELECT edition_goal_id, id, 1, 'x' FROM edition_measure"
    ),
    "a note about nothing": "INSERT INTO editorialnote (position, text) VALUES (1, 'x')",
    "a measure without wording": "UPDATE edition_measure SET text = NULL",
    "a measure of no goal": "UPDATE edition_measure SET edition_goal_id = 999999",
    "two measures of one number": "UPDATE edition_measure SET code = '1.1'",
    "a measure twice in a Fassung": (
        "INSERT INTO edition_measure (edition_id, measure_id, edition_goal_id, code, position,"
        " kind, text, display_text, prioritised) SELECT edition_id, measure_id, edition_goal_id,"
        " code || 'b', 9, kind, text, display_text, prioritised FROM edition_measure"
    ),
    "two fields of one number": "UPDATE edition_field SET code = '1'",
    "two goals of one number": "UPDATE edition_goal SET code = '1'",
    "a goal that a Fassung names": "DELETE FROM goal",
    "a Fassung adopted on no day": "UPDATE edition SET valid_from = NULL",
    "a Fassung resolved on no day": "UPDATE edition SET resolved_on = NULL",
    "two Fassungen in force on one day": (
        "INSERT INTO edition (concept_id, number, title, state, resolved_on, valid_from)"
        " SELECT concept_id, 2, title, state, resolved_on, valid_from FROM edition"
    ),
    "a competence nobody knows": "UPDATE entry SET competence = 'federal'",
    "short-term nobody knows": "UPDATE entry SET short_term = 'soon'",
    "an entry of no kind of ours": "UPDATE entry SET kind = 'colour'",
    "an entry for nothing": "UPDATE entry SET measure_id = NULL",
    "an entry for two things": "UPDATE entry SET goal_id = (SELECT min(id) FROM goal)",
    "an entry for a measure and its Kennzahl": (
        "UPDATE entry SET indicator_id = (SELECT min(id) FROM indicator)"
    ),
    "a competence of a Kennzahl": (
        "UPDATE entry SET measure_id = NULL, indicator_id = (SELECT min(id) FROM indicator)"
        " WHERE kind = 'competence'"
    ),
    "a target of a measure": "UPDATE entry SET kind = 'target' WHERE kind = 'competence'",
    "an entry from no day": "UPDATE entry SET valid_from = NULL",
    "a display text of no Fassung": (
        "UPDATE entry SET edition_id = NULL WHERE kind = 'display_text'"
    ),
    "a competence of one Fassung": (
        "UPDATE entry SET edition_id = (SELECT min(id) FROM edition) WHERE kind = 'competence'"
    ),
    "two entries of one day": (
        "INSERT INTO entry (measure_id, kind, valid_from, entered_at, competence)"
        " SELECT measure_id, kind, valid_from, entered_at, 'own' FROM entry"
        " WHERE kind = 'competence'"
    ),
    "a measure of which something is entered": "DELETE FROM measure WHERE id = :edited",
    "a round that opens after its due day": "UPDATE round SET opens_on = '2026-12-31'",
    "a round that closes before its due day": "UPDATE round SET closes_on = '2026-10-01'",
    "a contribution without version": contribution("0, NULL, NULL, NULL"),
    "a contribution taken over by nobody": contribution("1, saved_at, NULL, 1"),
    "a contribution taken over before it was written": contribution("1, saved_at, saved_by_id, 2"),
    "a substitution that ends before it begins": substitution(":vhs_account", "'2026-10-02'"),
    "a substitution for oneself": substitution(":ki", "'2026-10-05'"),
    "a file without hash": (
        "INSERT INTO questionnaire_upload (round_id, institution_id, file_name, sha256, answers,"
        " uploaded_at, uploaded_by_id) SELECT id, :vhs, 'x', 'abc', '[]', opened_at, :ki FROM round"
    ),
}


@pytest.fixture
def ids(session: Session) -> dict[str, object]:
    """An open round with a reviewed, an expected and a waived report, and an extension."""
    world = World(session)
    world.lead(world.library)
    round_ = world.open_round()
    submitted, expected, waived = (world.report(round_, item) for item in world.measures[:3])
    now = moment("2026-10-06 09:00")
    world.accept(world.submit(submitted, CRITICAL))
    review.revoke(
        session, report_id=submitted.id or 0, reason="Irrtum", by=world.coordination, now=now
    )
    review.waive(session, report_id=waived.id or 0, reason="Umzug", by=world.coordination, now=now)
    rounds.grant_extension(
        session,
        round_=round_,
        institution_id=world.library.id,
        report_id=None,
        until=moment("2026-10-25 00:00").date(),
        reason="Umzug",
        by=world.coordination,
        now=now,
    )
    edited = world.measures[5].id or 0
    concept.edit_measure(
        session,
        measure_id=edited,
        edit=MeasureEdit("Text", competence=Competence.OWN, competence_reason="allein"),
        principle_ids=(),
        by=world.coordination,
        now=now,
    )
    session.add(
        Indicator(
            concept_id=world.concept_id,
            measure_id=edited,
            key="abende",
            name="Abende",
            kind=IndicatorKind.TARGET,
            operator=">=",
            target=Decimal(4),
            unit="Abende",
        )
    )
    session.flush()
    return {
        "edited": edited,
        "submitted": submitted.id,
        "expected": expected.id,
        "waived": waived.id,
        "vhs": world.library.id,
        "ibz": world.club.id,
        "ki": world.coordination.account_id,
        "vhs_account": world.representative.account_id,
        "hash": "0" * 64,
    }


@pytest.mark.parametrize("name", NONSENSE)
def test_the_database_refuses(session: Session, ids: dict[str, object], name: str) -> None:
    statement = text(NONSENSE[name])
    known = {key: ids[key] for key in statement.compile().params}
    connection = session.connection()
    with pytest.raises(IntegrityError), connection.begin_nested():
        connection.execute(statement, known)
    assert len(session.exec(select(Report)).all()) == 6
