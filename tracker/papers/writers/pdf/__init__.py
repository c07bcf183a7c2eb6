"""Parts of the PDF writer (to_pdf.py): a paper as data for typst, and how much room there is."""
