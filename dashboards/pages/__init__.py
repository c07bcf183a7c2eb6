"""The pages: each builds its content from parts of snapshots and registers its address."""
