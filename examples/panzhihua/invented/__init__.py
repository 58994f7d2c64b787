"""Invented operations of a real city: seeded learners, sessions and ledgers, written as messy files."""
