"""Blocks in, files out: PDF, DOCX, XLSX, CSV, JSON."""
