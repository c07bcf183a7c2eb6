"""The Erhebungsbogen: a round's measures as a workbook to fill in offline."""
