"""Snapshots as the command line lists, shows and verifies them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.core.canonical import canonical_json, sha256_of
from tracker.core.columns import columns
from tracker.core.errors import NotFound
from tracker.core.models import AuditEvent
from tracker.publication.models import SnapshotPart
from tracker.publication.queries import published
from tracker.publication.queries.published import Publication
from tracker.publication.rules.document import Document
from tracker.publication.rules.facts import EarlierFact
from tracker.publication.rules.recording import Recorded, disagreements, problems
from tracker.publication.rules.recount import disagrees_with_earlier, miscounts
from tracker.publication.rules.snapshot_parts import split
from tracker.reporting.models import Round


@dataclass(frozen=True)
class Verification:
    """What verifying one snapshot found; no problems means every hash and part is right."""

    concept_id: int
    period: str
    version: int
    sha256: str
    problems: tuple[str, ...]


def show(
    session: Session, *, concept_id: int, period: str, version: int | None
) -> tuple[Publication, str]:
    """Return a publication and its canonical JSON; raises what `required` raises."""
    publication = required(session, concept_id=concept_id, period=period, version=version)
    return publication, published.document_text(session, publication)


def required(session: Session, *, concept_id: int, period: str, version: int | None) -> Publication:
    """Return a publication, the current version where none is named.

    Raises NotFound, with what is published instead, when the round is unknown or not published.
    """
    known = published.versions(session, concept_id=concept_id)
    of_round = [publication for publication in known if publication.period == period]
    for publication in of_round:
        if version in (None, publication.version):
            return publication
    raise NotFound(_missing(known, of_round, version))


def _missing(
    known: Sequence[Publication], of_round: Sequence[Publication], version: int | None
) -> str:
    if not known:
        return "Es ist noch keine Runde veröffentlicht."
    if of_round:
        listed = ", ".join(str(publication.version) for publication in reversed(of_round))
        return (
            f"Die Runde {of_round[0].label} hat keine Fassung {version}. Bitte wählen Sie eine "
            f"von diesen: {listed}."
        )
    listed = ", ".join(dict.fromkeys(publication.label for publication in known))
    return (
        f"Diese Runde ist nicht veröffentlicht. Veröffentlicht sind: {listed}. "
        "Bitte wählen Sie eine davon."
    )


def verify(session: Session) -> tuple[Verification, ...]:
    """Check every snapshot: hash, canonical form, figures, what is stored beside it, its parts.

    The audit trail and the rounds say which there have to be: one that is gone is told of too.
    Oldest round first; each is read by itself, and of those read before only what a later one
    says of them is kept.
    """
    known = published.versions(session)
    trail = _trail(session)
    gone = tuple(_missing_versions(session, known, trail))
    rounds = _Rounds(known, incomplete={version.concept_id for version in gone})
    present = [
        _verify(session, publication, rounds, trail.get(publication.snapshot_id, ()))
        for publication in reversed(known)
    ]
    return (*present, *gone)


class _Rounds:
    """The publications, and what those that were verified say to later rounds."""

    def __init__(self, known: Sequence[Publication], *, incomplete: Set[int]) -> None:
        self.known = known
        self.hashes = {publication.sha256 for publication in known}
        self.incomplete = incomplete
        self.facts: dict[int, EarlierFact] = {}

    def keep(self, publication: Publication, document: Document) -> None:
        measures = document["measures"]
        self.facts[publication.snapshot_id] = EarlierFact.of(
            document["round"],
            publication.sha256,
            measures,
            measures,
            [measure["key"] for measure in measures if measure["unchanged_confirmed"]],
        )

    def before(self, publication: Publication) -> list[EarlierFact] | None:
        """Return the rounds before, in the versions in force then; None where one is missing."""
        concept_id = publication.concept_id
        in_force = published.in_force(
            [one for one in self.known if one.concept_id == concept_id], publication
        )
        facts = [self.facts[one.snapshot_id] for one in in_force if one.snapshot_id in self.facts]
        is_whole = len(facts) == len(in_force) and concept_id not in self.incomplete
        return facts if is_whole else None


class _Published(NamedTuple):
    """A publication in the audit trail; `round_ids` are the rounds published at that moment."""

    at: datetime
    period: str
    version: int
    sha256: str
    round_ids: frozenset[int]


_Trail = Mapping[int, Sequence[_Published]]


def _trail(session: Session) -> _Trail:
    """Return what the audit trail says was published, by the key of the snapshot."""
    columns_ = (AuditEvent.verb, AuditEvent.entity_id, AuditEvent.at, AuditEvent.after)
    verbs = ("round.publish", "snapshot.publish")
    statement = select(*columns(*columns_)).where(col(AuditEvent.verb).in_(verbs))
    rounds: defaultdict[datetime, set[int]] = defaultdict(set)
    trail: defaultdict[int, list[_Published]] = defaultdict(list)
    for row in session.execute(statement.order_by(col(AuditEvent.verb), col(AuditEvent.id))):
        if row.verb == "round.publish":
            rounds[row.at].add(row.entity_id)
        else:
            said = _Published(row.at, **row.after, round_ids=frozenset(rounds[row.at]))
            trail[row.entity_id].append(said)
    return trail


def _verify(
    session: Session, publication: Publication, rounds: _Rounds, said: Sequence[_Published]
) -> Verification:
    text = published.document_text(session, publication)
    problems_ = [*_document_problems(publication, text, rounds)]
    if not any(_is_same(publication, one) for one in said):
        problems_.append(
            "Das Protokoll kennt diese Fassung nicht so: Runde, Nummer, Prüfsumme oder Zeitpunkt "
            "der Veröffentlichung sind andere. Bitte stellen Sie die Datenbank aus einer Sicherung "
            "wieder her."
        )
    if not problems_:
        problems_ += _part_problems(session, publication, text)
    return Verification(
        publication.concept_id,
        publication.period,
        publication.version,
        publication.sha256,
        tuple(problems_),
    )


def _document_problems(publication: Publication, text: str, rounds: _Rounds) -> Iterator[str]:
    yield from problems(Recorded(text, publication.sha256))
    if sha256_of(text) != publication.sha256:
        return
    document = published.read(text)
    beside = {
        "period": publication.period,
        "version": publication.version,
        "reason": publication.reason,
        "published_on": publication.published_on.isoformat(),
    }
    yield from disagreements(beside, document["round"])
    yield from miscounts(document)
    rounds.keep(publication, document)
    previous, earlier = document["previous"], rounds.before(publication)
    if previous is not None and previous["sha256"] not in rounds.hashes:
        yield f"Die Fassung der Vorrunde {previous['period']}, mit der verglichen wurde, fehlt."
    elif earlier is not None:
        yield from disagrees_with_earlier(document, earlier)


def _is_same(publication: Publication, said: _Published) -> bool:
    return publication.round_id in said.round_ids and (
        publication.published_at,
        publication.period,
        publication.version,
        publication.sha256,
    ) == (said.at, said.period, said.version, said.sha256)


def _missing_versions(
    session: Session, known: Sequence[Publication], trail: _Trail
) -> Iterator[Verification]:
    """Give the versions that are gone: said by the audit trail, by a round, by a higher number."""
    there: defaultdict[int, set[int]] = defaultdict(set)
    for publication in known:
        there[publication.round_id].add(publication.version)
    kept = {publication.sha256 for publication in known}
    gone = {
        (round_id, said.period, said.version): said.sha256
        for publications in trail.values()
        for said in publications
        for round_id in said.round_ids
        if said.sha256 not in kept
    }
    statement = select(*columns(Round.id, Round.concept_id, Round.period, Round.published_at))
    for row in session.execute(statement.order_by(col(Round.period_end), col(Round.id))):
        in_trail = {number for *round_, number in gone if round_ == [row.id, row.period]}
        last = max(there[row.id] | in_trail | ({1} if row.published_at else set()), default=0)
        for version in sorted(set(range(1, last + 1)) - there[row.id]):
            sha256 = gone.get((row.id, row.period, version), "")
            yield Verification(row.concept_id, row.period, version, sha256, (_GONE,))


_GONE = "Diese Fassung fehlt. Bitte stellen Sie die Datenbank aus einer Sicherung wieder her."


def _part_problems(session: Session, publication: Publication, text: str) -> Iterator[str]:
    derived: dict[tuple[str, str], str] = {
        (part.kind, part.key): canonical_json(part.payload) for part in split(published.read(text))
    }
    statement = select(
        col(SnapshotPart.kind), col(SnapshotPart.key), col(SnapshotPart.payload)
    ).where(col(SnapshotPart.snapshot_id) == publication.snapshot_id)
    stored = {(row.kind, row.key): row.payload for row in session.execute(statement)}
    for name in sorted(derived.keys() | stored.keys()):
        if derived.get(name) != stored.get(name):
            named = " ".join(name).strip()
            yield f"Der Teil „{named}“ stimmt nicht mit dem Dokument überein."
