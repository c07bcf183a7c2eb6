"""Parts of the DOCX writer (to_docx.py) and the office's own template."""
