"""How things are kept: one SQLite file through sqlite-utils."""
