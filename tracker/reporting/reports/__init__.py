"""Reports of the institutions, confirmations, partners' contributions."""
