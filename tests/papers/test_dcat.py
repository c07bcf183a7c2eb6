"""The description for data portals is a graph that holds what DCAT-AP.de asks for."""

from __future__ import annotations

import hashlib
import json
from functools import cache

import pytest
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tests.bielefeld import ORIGIN
from tests.factories_snapshot import document
from tests.papers.odd_rounds import ODD_ROUNDS, TEXTS, OddRound
from tracker.core.settings import Settings
from tracker.papers.writers.dcat import DataFile, dcat, identifier
from tracker.papers.writers.to_json import schema_id
from tracker.publication.rules.origin import Origin

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCT = Namespace("http://purl.org/dc/terms/")
DE = Namespace("http://dcat-ap.de/def/dcatde/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
EU = "http://publications.europa.eu/resource/authority"
# rdflib's parser of JSON-LD uses a class that rdflib warns of.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

BIELEFELD = URIRef("http://dcat-ap.de/def/politicalGeocoding/districtKey/05711")
BASE = "https://daten.example/integration"
FILES = (
    DataFile("bericht.pdf", "Controllingbericht", b"%PDF-"),
    DataFile("daten.json", "Daten", b"{}\n"),
    DataFile("tabellen/01 überblick.csv", "Überblick", b"Frage;Wert\r\n"),
    DataFile("tabellen.xlsx", "Tabellen", b"PK"),
)


@cache
def graph(base: str = BASE) -> Graph:
    text = dcat(document(goals=2), files=FILES, origin=ORIGIN)
    return Graph().parse(data=text, format="json-ld", publicID=f"{base}/x.jsonld")


def dataset(found: Graph) -> Node:
    (only,) = found.subjects(RDF.type, DCAT.Dataset)
    return only


def one(found: Graph, subject: Node, predicate: Node) -> Node:
    (only,) = found.objects(subject, predicate)
    return only


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (DCT.identifier, Literal("integrationskonzept-bielefeld-2010-2026-q3-fassung-1")),
        (DE.contributorID, URIRef("http://dcat-ap.de/def/contributors/openNRW")),
        (DE.politicalGeocodingURI, BIELEFELD),
        (DCT.spatial, BIELEFELD),
        (DCT.language, URIRef(f"{EU}/language/DEU")),
        (DCT.accrualPeriodicity, URIRef(f"{EU}/frequency/QUARTERLY")),
        (DCT.issued, Literal("2026-11-02", datatype=XSD.date)),
        (DCT.modified, Literal("2026-11-02", datatype=XSD.date)),
        (OWL.versionInfo, Literal("1")),
    ],
)
def test_the_dataset_says_what_it_is(name: URIRef, value: Node) -> None:
    found = graph()
    expected = identifier(document(goals=2)) if name == DCT.identifier else None
    assert one(found, dataset(found), name) == (Literal(expected) if expected else value)


def test_what_is_mandatory_is_there() -> None:
    """Pflicht of DCAT-AP.de 2.0, and the Konventionen 1, 12, 31, 32, 35 and 36."""
    found = graph()
    subject = dataset(found)
    for name in (DCT.title, DCT.description):
        assert isinstance(one(found, subject, name), Literal)
    publisher = one(found, subject, DCT.publisher)
    assert one(found, publisher, FOAF.name) == Literal(
        "Stadt Bielefeld, Kommunales Integrationszentrum"
    )
    assert one(found, subject, DE.contributorID)
    contact = one(found, subject, DCAT.contactPoint)
    assert (contact, RDF.type, VCARD.Organization) in found
    assert one(found, contact, VCARD.hasEmail) == URIRef("mailto:ki@bielefeld.example")
    assert str(one(found, contact, VCARD.fn)) == "Kommunales Integrationszentrum"
    for item in found.objects(subject, DCAT.distribution):
        assert one(found, item, DCAT.accessURL) == one(found, item, DCAT.downloadURL)
        assert one(found, item, DCT.license) == URIRef(
            "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
        )
        assert str(one(found, item, DE.licenseAttributionByText)) == (
            "Stadt Bielefeld, Kommunales Integrationszentrum"
        )


def test_theme_and_keywords_help_to_find_it() -> None:
    found = graph()
    themes = set(found.objects(dataset(found), DCAT.theme))
    assert themes == {URIRef(f"{EU}/data-theme/{name}") for name in ("SOCI", "GOVE")}
    words = [str(word) for word in found.objects(dataset(found), DCAT.keyword)]
    assert {"Integration", "Bielefeld"} <= set(words)


def test_the_period_is_the_round() -> None:
    found = graph()
    period = one(found, dataset(found), DCT.temporal)
    assert one(found, period, DCAT.startDate) == Literal("2026-07-01", datatype=XSD.date)
    assert one(found, period, DCAT.endDate) == Literal("2026-09-30", datatype=XSD.date)


@pytest.mark.parametrize(
    ("file", "address", "european", "media"),
    [
        (FILES[0], "bericht.pdf", "PDF", "application/pdf"),
        (FILES[1], "daten.json", "JSON", "application/json"),
        (FILES[2], "tabellen/01%20%C3%BCberblick.csv", "CSV", "text/csv"),
        (
            FILES[3],
            "tabellen.xlsx",
            "XLSX",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_each_file_has_address_format_size_and_checksum(
    file: DataFile, address: str, european: str, media: str
) -> None:
    found = graph()
    (item,) = found.subjects(DCAT.downloadURL, URIRef(f"{BASE}/{address}"))
    assert one(found, item, DCT.title) == Literal(file.title, lang="de")
    assert one(found, item, DCT["format"]) == URIRef(f"{EU}/file-type/{european}")
    assert one(found, item, DCAT.mediaType) == URIRef(
        f"https://www.iana.org/assignments/media-types/{media}"
    )
    assert one(found, item, DCAT.byteSize).toPython() == len(file.content)  # type: ignore[attr-defined]
    checksum = one(found, item, SPDX.checksum)
    assert str(one(found, checksum, SPDX.checksumValue)).lower() == (
        hashlib.sha256(file.content).hexdigest()
    )
    assert str(one(found, checksum, SPDX.algorithm)).endswith("/sha/256")


def test_the_json_names_its_schema() -> None:
    found = graph()
    (item,) = found.subjects(DCT.conformsTo, URIRef(schema_id(2)))
    assert str(one(found, item, DCAT.downloadURL)).endswith("daten.json")


def test_everything_is_relative_to_the_description() -> None:
    found = graph("https://elsewhere.example")
    addresses = {str(item) for item in found.objects(None, DCAT.downloadURL)}
    assert "https://elsewhere.example/bericht.pdf" in addresses
    assert str(dataset(found)).startswith("https://elsewhere.example/x.jsonld#")


def test_a_demonstration_says_so_first_and_nothing_else_does() -> None:
    for demonstration in (True, False):
        found = json.loads(
            dcat(document(goals=1, demonstration=demonstration), files=(), origin=ORIGIN)
        )
        assert ("(Vorführung)" in found["dct:title"]["@value"]) is demonstration
        text = found["dct:description"]["@value"]
        assert text.startswith("Vorführung: Alle Meldungen") is demonstration


def test_a_correction_has_its_version_and_reason() -> None:
    corrected = next(item for item in ODD_ROUNDS if item.name == "a correction").document()
    found = json.loads(dcat(corrected, files=(), origin=ORIGIN))
    assert found["owl:versionInfo"] == found["dcat:version"] == "2"
    assert found["adms:versionNotes"]["@value"] == "Zahl war falsch"
    assert found["dct:identifier"].endswith("-fassung-2")


def test_two_rounds_and_two_versions_never_share_a_name() -> None:
    corrected = next(item for item in ODD_ROUNDS if item.name == "a correction").document()
    others = (document(goals=1), document("2026-Q2", goals=1), corrected)
    assert len({identifier(item) for item in others}) == 3


@pytest.mark.parametrize("odd", ODD_ROUNDS, ids=lambda odd: odd.name)
def test_odd_rounds_are_described_and_the_same_every_time(odd: OddRound) -> None:
    first = dcat(odd.document(), files=FILES, origin=ORIGIN)
    assert first == dcat(odd.document(), files=FILES, origin=ORIGIN)
    assert len(Graph().parse(data=first, format="json-ld")) > 80


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_any_title_of_a_file_stays_a_text(text: str) -> None:
    made = dcat(document(goals=1), files=[DataFile("a.csv", text, b"")], origin=ORIGIN)
    assert Literal(text, lang="de") in set(
        Graph().parse(data=made, format="json-ld").objects(None, DCT.title)
    )


def test_a_format_without_a_european_name_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"bericht\.odt"):
        dcat(document(goals=1), files=[DataFile("bericht.odt", "Bericht", b"")], origin=ORIGIN)


def test_what_the_settings_do_not_say_is_left_out() -> None:
    bare = Origin("Amt für Integration", "cc-zero", "", "", "")
    described = json.loads(dcat(document(goals=1), files=FILES, origin=bare))
    assert described["dct:publisher"]["foaf:name"] == "Amt für Integration"
    assert "dcatde:contributorID" not in described
    assert "dcatde:politicalGeocodingURI" not in described
    assert set(described["dct:spatial"]) == {"@type", "skos:prefLabel"}
    licences = {file["dct:license"]["@id"] for file in described["dcat:distribution"]}
    assert licences == {"http://dcat-ap.de/def/licenses/cc-zero"}


def test_licence_and_contact_are_those_of_the_settings_or_none() -> None:
    said = document(goals=1)
    said["instance"]["contact"] = ""
    undecided = Origin("", Settings().licence, "", "", "")
    described = json.loads(dcat(said, files=FILES, origin=undecided))
    for file in described["dcat:distribution"]:
        assert not {"dct:license", "dcatde:licenseAttributionByText"} & file.keys()
    # A contact without an address helps nobody, and the Konventionen refuse it.
    assert "dcat:contactPoint" not in described
