"""What every area stands on: settings, database, errors, actor, periods, audit trail, clock."""
