"""A paper as DOCX, to be written on: real headings, lists, tables; in our look or the office's."""

from __future__ import annotations

from tracker.papers.blocks import Heading, Paper
from tracker.papers.writers.docx import package as docx_package
from tracker.papers.writers.docx.body import Story
from tracker.papers.writers.docx.docx_context import DocxContext
from tracker.papers.writers.docx.template import TemplateError, check, default_template


def to_docx(paper: Paper, *, template: bytes | None = None) -> bytes:
    """Return the paper as DOCX; the same paper in the same template gives the same bytes.

    `template` is the office's own (a DOCX with letterhead and styles). Raises TemplateError with
    German sentences where it cannot be used, FontsMissingError where charts cannot be drawn.
    """
    if template is not None and (problems := check(template)):
        raise TemplateError(problems)
    document = docx_package.opened(template or default_template())
    width = docx_package.text_width(document)
    headings = tuple(block for block in paper.blocks if isinstance(block, Heading))
    context = DocxContext(document, headings)
    story = Story(context, width=width)
    story.add(paper.before_title)
    story.opening(kicker=paper.kicker, title=paper.title, subtitle=paper.subtitle)
    story.add(paper.blocks)
    docx_package.fill(document, story.xml())
    docx_package.frame(document, paper, styles=context.styles, width=width)
    docx_package.describe(document, paper)
    return docx_package.bytes_of(document)
