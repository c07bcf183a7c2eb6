"""The lists of the cockpit: what the KI should look at in a round, and in which words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.cockpit.queries.cockpit import NoSubmitter
from tracker.concept.rules.facts import MeasureToReport
from tracker.concept.web.current import in_concept
from tracker.reporting.rounds.queries.round_page import ExpectedReport, RoundPage


@dataclass(frozen=True)
class CockpitList:
    """One list with its jump mark, the words of its tile, and where to work through it.

    `reports` is empty where it lists measures or institutions; `count` says how many there are.
    """

    key: str
    title: str
    tile: str
    hint: str
    count: int
    reports: Sequence[ExpectedReport] = ()
    path: str = ""
    link: str = ""


def lists(
    page: RoundPage,
    *,
    measures: Sequence[MeasureToReport],
    not_asked: Sequence[MeasureToReport],
    unreachable: Sequence[NoSubmitter],
) -> tuple[CockpitList, ...]:
    running = (
        _running(page, measures, not_asked, unreachable) if page.head.is_running else _ended(page)
    )
    return (*running, *_always(page))


def _running(
    page: RoundPage,
    measures: Sequence[MeasureToReport],
    not_asked: Sequence[MeasureToReport],
    unreachable: Sequence[NoSubmitter],
) -> Iterator[CockpitList]:
    yield _of(
        "zu-pruefen",
        "Zu prüfen",
        "Abgegeben und noch nicht geprüft.",
        page.to_review,
        path="/pruefung/",
        link="Der Reihe nach prüfen",
    )
    yield _of(
        "ueberfaellig",
        "Überfällig",
        "Die Abgabefrist ist vorbei, abgegeben wurde noch nichts.",
        page.overdue,
    )
    yield _of(
        "zurueck",
        "Zurückgegeben und wartend",
        "Die Institution ist am Zug; die Tage zählen seit der Rückgabe.",
        page.returned,
        tile="zurückgegeben",
    )
    yield _of("offen", "Noch nicht abgegeben", "Die Frist läuft noch.", page.pending)
    yield from _withdrawn(page)
    if page.ended_early:
        yield _of(
            "nicht-eingegangen",
            "Nicht eingegangen",
            "Die Runde wurde vor dem Ende der Frist geschlossen. Mit einer Nachfrist können die "
            "Institutionen noch melden.",
            page.ended_early,
        )
    yield CockpitList(
        "nicht-erreichbar",
        "Ohne erreichbare Vertretung",
        "nicht erreichbar",
        "Hier kann sich niemand anmelden, der Meldungen abgibt.",
        len(unreachable),
        path="/konten",
        link="Konten verwalten",
    )
    yield CockpitList(
        "ohne",
        "Ohne Zuständigkeit",
        "ohne Zuständigkeit",
        "Heute ist niemand federführend; die nächste Runde fordert keine Meldung an.",
        sum(not measure.lead_id for measure in measures),
        path=in_concept("/zustaendigkeiten/?ohne=1"),
        link="Zuständigkeiten festlegen",
    )
    if not_asked:
        yield CockpitList(
            "nicht-angefordert",
            "Nicht angefordert",
            "nicht angefordert",
            "Erst seit der Eröffnung ist jemand federführend; diese Runde fordert keine Meldung "
            "an.",
            len(not_asked),
            path=in_concept(f"/runden/{page.head.key}/nachfordern"),
            link="Meldung nachträglich anfordern",
        )


def _withdrawn(page: RoundPage) -> Iterator[CockpitList]:
    if page.withdrawn:
        yield _of(
            "zurueckgezogen",
            "Zurückgezogen",
            "Abgegeben und beim Rücklauf mitgezählt; die Institution hat die Meldung "
            "zurückgezogen und nicht wieder abgegeben.",
            page.withdrawn,
        )


def _ended(page: RoundPage) -> Iterator[CockpitList]:
    yield _of(
        "nicht-eingegangen",
        "Nicht eingegangen",
        "Es wurde nichts abgegeben; veröffentlicht ist „keine Meldung“.",
        page.missing,
    )
    yield from _withdrawn(page)
    if page.returned:
        yield _of(
            "zurueck",
            "Zurückgegeben und nicht wieder abgegeben",
            "Eingegangen und beim Rücklauf mitgezählt. Die Nachbesserung kam nicht mehr; "
            "veröffentlicht ist „keine Meldung“.",
            page.returned,
            tile="zurückgegeben",
        )


def _always(page: RoundPage) -> Iterator[CockpitList]:
    if page.joined:
        yield _of(
            "nachtraeglich",
            "Nachträglich angefordert",
            "Nach der Eröffnung hinzugekommen, mit eigener Frist; was zur Eröffnung erwartet war, "
            "steht beim Rücklauf daneben.",
            page.joined,
        )
    yield _of(
        "unveraendert",
        "Mindestens dreimal unverändert",
        "Jedes Mal nur bestätigt, ohne Lücke: Bitte fragen Sie nach, ob der Stand noch stimmt.",
        page.often_unchanged,
    )
    yield _of(
        "nachfrist",
        "Mit Nachfrist",
        "Es gilt ein späterer Tag als die Abgabefrist der Runde.",
        page.extended,
    )
    yield _of(
        "befreit",
        "Befreit",
        "Zählt nicht zu den erwarteten Meldungen; die Begründung wird veröffentlicht.",
        page.waived,
    )


def _of(
    key: str,
    title: str,
    hint: str,
    reports: Sequence[ExpectedReport],
    *,
    tile: str = "",
    path: str = "",
    link: str = "",
) -> CockpitList:
    words = tile or title[0].lower() + title[1:]
    return CockpitList(key, title, words, hint, len(reports), reports, path, link)
