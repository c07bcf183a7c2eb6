"""The papers: which heading, sentence, table and picture follows which, decided once for all."""
