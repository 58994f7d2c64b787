"""How things come in: files of any shape to checked rows to the store."""
