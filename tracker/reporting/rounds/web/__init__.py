"""The form that grants more time; the pages of rounds stand in the cockpit."""

blueprints = ()
