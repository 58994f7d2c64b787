"""The shapes in which streets send what they did: each read into flat tables that the importer takes."""
