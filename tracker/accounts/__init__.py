"""Who signs in, for which institution, until when."""
