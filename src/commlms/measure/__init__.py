"""How things are counted and judged."""
