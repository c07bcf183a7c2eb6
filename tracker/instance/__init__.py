"""The settings of the instance: what the KI sets from a day on, with preview and history."""
