"""The controlling system: rules, data, actions, queries, exports and pages."""
