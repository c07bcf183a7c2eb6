"""The KI's pages of a round: planning, what is missing, each step."""
