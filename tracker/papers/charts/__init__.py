"""Charts written by hand as SVG: the same picture in PDF, DOCX and preview."""
