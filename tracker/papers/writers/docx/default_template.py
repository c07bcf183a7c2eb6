"""Our own template: A4, Fira Sans, the styles that a template must have, nothing else.

It is written here and not kept as a file, so that every line of it can be read and reviewed.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache

from tracker.papers.writers.docx.styles import ACCENT, INK, LINE, W

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# A zip knows no time before 1980.
EPOCH = (1980, 1, 1, 0, 0, 0)
_PARTS = ("styles", "settings", "numbering", "fontTable")


@cache
def own_template() -> bytes:
    """Return an empty DOCX with our styles."""
    return packed(
        {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
            "word/_rels/document.xml.rels": _relations(*((n, f"{n}.xml") for n in _PARTS)),
            "word/document.xml": _document(),
            "word/styles.xml": _styles(),
            "word/settings.xml": _settings(),
            "word/numbering.xml": _numbering(),
            "word/fontTable.xml": _fonts(),
        }
    )


def packed(files: dict[str, str | bytes]) -> bytes:
    """Return a zip of the files: sorted, with one date, so the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return made.getvalue()


def _content_types() -> str:
    parts = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}{name}+xml"/>'
        for name in _PARTS
    )
    return (
        f'{_HEAD}<Types xmlns="{_P}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}document.main+xml"/>'
        f"{parts}</Types>"
    )


def _relations(*targets: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_P}/relationships">{lines}</Relationships>'


def _document() -> str:
    return (
        f'{_HEAD}<w:document xmlns:w="{W}"><w:body><w:p/><w:sectPr>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1361" w:right="1134" w:bottom="1191" w:left="1134" w:header="624" '
        'w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _paragraph_style(
    style_id: str, name: str, paragraph: str, letters: str, *, following: str = "Normal"
) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:next w:val="{following}"/><w:uiPriority w:val="9"/>'
        f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


def _heading(level: int, size: int, before: int, after: int, colour: str) -> str:
    return _paragraph_style(
        f"Heading{level}",
        f"heading {level}",
        f'<w:keepNext/><w:keepLines/><w:spacing w:before="{before}" w:after="{after}"/>'
        f'<w:outlineLvl w:val="{level - 1}"/>',
        f'<w:b/><w:color w:val="{colour}"/><w:sz w:val="{size}"/>',
    )


def _list(style_id: str, name: str, number: int) -> str:
    return _paragraph_style(
        style_id,
        name,
        f'<w:numPr><w:numId w:val="{number}"/></w:numPr><w:spacing w:after="60"/>',
        "",
        following=style_id,
    )


def _styles() -> str:
    faces = " ".join(f'w:{kind}="Fira Sans"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    return (
        f'{_HEAD}<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        f'<w:rFonts {faces}/><w:color w:val="{INK}"/><w:sz w:val="20"/><w:szCs w:val="20"/>'
        '<w:lang w:val="de-DE" w:eastAsia="de-DE" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
        '<w:left w:w="80" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
        + _paragraph_style(
            "Title",
            "Title",
            '<w:keepNext/><w:spacing w:before="160" w:after="120" w:line="240" w:lineRule="auto"/>',
            f'<w:b/><w:color w:val="{ACCENT}"/><w:sz w:val="44"/>',
        )
        + _heading(1, 30, 360, 160, ACCENT)
        + _heading(2, 24, 260, 100, INK)
        + _heading(3, 22, 240, 100, INK)
        + _list("ListBullet", "List Bullet", 1)
        + _list("ListNumber", "List Number", 2)
        + _table_style()
        + "</w:styles>"
    )


def _table_style() -> str:
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{LINE}"'
    return (
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="39"/>'
        '<w:pPr><w:spacing w:after="0"/></w:pPr>'
        f"<w:tblPr><w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/>"
        '</w:tblBorders><w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
        '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
        '<w:shd w:val="clear" w:color="auto" w:fill="F3F5F8"/></w:tcPr></w:tblStylePr></w:style>'
    )


def _settings() -> str:
    return (
        f'{_HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="709"/><w:autoHyphenation/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="de-DE"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
        "</w:settings>"
    )


def _numbering() -> str:
    lists = (("bullet", "•", 1), ("decimal", "%1.", 2))
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="340" w:hanging="340"/></w:pPr></w:lvl></w:abstractNum>'
        for kind, sign, number in lists
    )
    used = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        for _, _, number in lists
    )
    return f'{_HEAD}<w:numbering xmlns:w="{W}">{kinds}{used}</w:numbering>'


def _fonts() -> str:
    # Where Fira Sans is not installed, Word takes the other name before it guesses.
    return (
        f'{_HEAD}<w:fonts xmlns:w="{W}"><w:font w:name="Fira Sans"><w:altName w:val="Arial"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )
