"""The open data of a publication described for data portals: DCAT-AP.de 2.0 as JSON-LD.

What is mandatory and recommended there: title, description, publisher, contributor, licence with
the text to be named, period, area, language, theme, and a distribution with format, size and
checksum per file. `dcat:version` is the word of version 3.0 for `owl:versionInfo`; both are given.
Source: https://www.dcat-ap.de/def/dcatde/2.0/spec/ and its Konventionenhandbuch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tracker.core.canonical import Json
from tracker.core.periods import Period
from tracker.papers.rules.exporting import ExportFormat
from tracker.papers.rules.files import MIMETYPES
from tracker.papers.writers.to_json import schema_id
from tracker.publication.reading.content import DEMONSTRATION
from tracker.publication.reading.sentences import covered
from tracker.publication.reading.words import plan_name
from tracker.publication.rules.document import Document
from tracker.publication.rules.formats import number_of
from tracker.publication.rules.origin import Origin

_DEFINED = "http://dcat-ap.de/def"
# Longitude first, as it has it.
_REFERENCE_SYSTEM = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
_LEVEL = "http://dcat-ap.de/def/politicalGeocoding/Level/administrativeDistrict"
_EU = "http://publications.europa.eu/resource/authority"
_MEDIA = "https://www.iana.org/assignments/media-types"
_THEMES = ("GOVE", "SOCI")
_FREQUENCY = {"Q": "QUARTERLY", "H": "ANNUAL_2"}
_KEYWORDS = (
    "Integration",
    "Integrationskonzept",
    "Migration",
    "Controlling",
    "Maßnahmen",
)
# By the ending of a file; in capitals it is the European name of the format.
_MEDIA_TYPES = {"csv": "text/csv"} | {
    kind.value: MIMETYPES[kind]
    for kind in ExportFormat
    if kind not in (ExportFormat.CSV, ExportFormat.JSONLD)
}
_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class DataFile:
    """A file that is published beside the description: its path there, its title, its bytes."""

    path: str
    title: str
    content: bytes


def dcat(document: Document, *, files: Sequence[DataFile], origin: Origin) -> str:
    """Return the description of a published document's files as JSON-LD text.

    All addresses are relative: they hold wherever the description lies beside its files. Raises
    ValueError for a file whose ending has no name in the European list of formats.
    """
    instance = document["instance"]
    publisher = origin.publisher_or(instance["city"], instance["office"])
    described = {
        "@context": _CONTEXT,
        "@id": f"#{identifier(document)}",
        "@type": "dcat:Dataset",
        **_content(document),
        **_origin(document, publisher, origin),
        **_coverage(document, origin),
        "dcat:distribution": [_distribution(file, document, publisher, origin) for file in files],
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def identifier(document: Document) -> str:
    """Return the stable name of a publication, e.g. "integrationskonzept-2026-q3-fassung-1"."""
    its_round = document["round"]
    period = its_round["period"].lower()
    return f"{document['concept']['key']}-{period}-fassung-{its_round['version']}"


def _content(document: Document) -> Json:
    its_round, concept = document["round"], document["concept"]
    mark = " (Vorführung)" if document["demonstration"] else ""
    plan = plan_name(concept["title"])
    spread = document["figures"]["distribution"]
    text = (
        f"Stand der Maßnahmen aus „{concept['title']}“ ({concept['edition_title']}) im "
        f"{its_round['long_label']}: Umsetzungsstand, Verlauf, Meldungen der Institutionen, "
        "Teilnehmende, Kosten, Förderung und Kennzahlen. "
        f"{covered(spread['reported'], spread['total'])} "
        "Gruppen unter 5 Personen sind nicht enthalten."
    )
    return {
        "dct:title": _german(f"{plan}: Controlling {its_round['long_label']}{mark}"),
        "dct:description": _german(f"{DEMONSTRATION} {text}" if mark else text),
        "dct:identifier": identifier(document),
        "dcat:keyword": [_german(word) for word in (*_KEYWORDS, *_own_keywords(document))],
        "dcat:theme": [_link(f"{_EU}/data-theme/{name}") for name in _THEMES],
        "dct:language": _link(f"{_EU}/language/DEU"),
        "owl:versionInfo": str(its_round["version"]),
        "dcat:version": str(its_round["version"]),
    } | ({"adms:versionNotes": _german(its_round["reason"])} if its_round["reason"] else {})


def _own_keywords(document: Document) -> tuple[str, str]:
    """Return office and place: "Musterstadt" of "Stadt Musterstadt"."""
    instance = document["instance"]
    return instance["office"], instance["city"].removeprefix("Stadt ")


def _origin(document: Document, publisher: str, origin: Origin) -> Json:
    published_on = _day(document["round"]["published_on"])
    portal = f"{_DEFINED}/contributors/{origin.data_portal}"
    instance = document["instance"]
    contact = {
        "@type": ["vcard:Kind", "vcard:Organization"],
        "vcard:fn": instance["office"],
        "vcard:hasEmail": _link(f"mailto:{instance['contact']}"),
    }
    return {
        **({"dcatde:contributorID": _link(portal)} if origin.data_portal else {}),
        **({"dcat:contactPoint": contact} if instance["contact"] else {}),
        "dct:publisher": {"@type": ["foaf:Agent", "foaf:Organization"], "foaf:name": publisher},
        "dct:accessRights": _link(f"{_EU}/access-right/PUBLIC"),
        "dct:issued": published_on,
        "dct:modified": published_on,
    }


def _coverage(document: Document, origin: Origin) -> Json:
    its_round = document["round"]
    kind = Period.parse(its_round["period"]).kind
    return {
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(its_round["start"]),
            "dcat:endDate": _day(its_round["as_of"]),
        },
        "dct:accrualPeriodicity": _link(f"{_EU}/frequency/{_FREQUENCY[kind]}"),
        **_place(document["instance"]["city"], origin),
    }


def _place(city: str, origin: Origin) -> Json:
    location: Json = {"@type": "dct:Location", "skos:prefLabel": _german(city)}
    if origin.centre:
        location["dcat:centroid"] = {
            "@type": "http://www.opengis.net/ont/geosparql#wktLiteral",
            "@value": f"{_REFERENCE_SYSTEM} POINT({origin.centre})",
        }
    if not origin.district_key:
        return {"dct:spatial": location}
    area = f"{_DEFINED}/politicalGeocoding/districtKey/{origin.district_key}"
    return {
        "dct:spatial": {"@id": area, **location},
        "dcatde:politicalGeocodingURI": _link(area),
        "dcatde:politicalGeocodingLevelURI": _link(_LEVEL),
    }


def _distribution(file: DataFile, document: Document, publisher: str, origin: Origin) -> Json:
    name = file.path.rsplit(".", 1)[-1].lower()
    if name not in _MEDIA_TYPES:
        raise ValueError(f"Zu „{file.path}“ ist kein Format für Datenportale bekannt.")
    address = quote(file.path)
    published_on = _day(document["round"]["published_on"])
    distribution: Json = {
        "@id": f"#{address}",
        "@type": "dcat:Distribution",
        "dct:title": _german(file.title),
        "dcat:accessURL": _link(address),
        "dcat:downloadURL": _link(address),
        "dct:format": _link(f"{_EU}/file-type/{name.upper()}"),
        "dcat:mediaType": _link(f"{_MEDIA}/{_MEDIA_TYPES[name]}"),
        "dcat:byteSize": {"@type": "xsd:decimal", "@value": str(len(file.content))},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _link("http://dcat-ap.de/def/hashAlgorithms/sha/256"),
            "spdx:checksumValue": {
                "@type": "xsd:hexBinary",
                "@value": hashlib.sha256(file.content).hexdigest(),
            },
        },
        **(
            {
                "dct:license": _link(f"{_DEFINED}/licenses/{origin.licence}"),
                "dcatde:licenseAttributionByText": _german(publisher),
            }
            if origin.licence
            else {}
        ),
        "dcatap:availability": _link(f"{_EU}/planned-availability/STABLE"),
        "dct:language": _link(f"{_EU}/language/DEU"),
        "dct:issued": published_on,
        "dct:modified": published_on,
    }
    return distribution | (
        {"dct:conformsTo": _link(schema_id(number_of(document)))} if name == "json" else {}
    )


def _german(text: str) -> Json:
    return {"@language": "de", "@value": text}


def _link(address: str) -> Json:
    return {"@id": address}


def _day(text: str) -> Json:
    return {"@type": "xsd:date", "@value": text}
