"""What ``after_*`` hooks are told: counts and keys, never a personal value."""

from __future__ import annotations

import attrs


@attrs.frozen
class WriteEvent:
    """One committed batch: the journal entry, what was done to which record, and how many rows."""

    journal: int
    action: str
    record: str
    new: int = 0
    changed: int = 0
    removed: int = 0
