"""Papers of a published round: PDF, DOCX, XLSX, CSV, JSON; orders."""
