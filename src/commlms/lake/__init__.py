"""The lake: Parquet files that any number of databases publish into, and that engines read."""
