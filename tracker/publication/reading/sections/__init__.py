"""Parts of the content model (content.py): each reads the document and gives values."""
