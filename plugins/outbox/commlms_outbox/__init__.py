"""Outbox: every committed write as one JSON line in the file that ``COMMLMS_OUTBOX`` names.

For platforms that follow a commlms database: the line says which record, which journal entry and
how many rows; never a personal value. Without the variable nothing is written.
"""

import json
import os
from pathlib import Path

from commlms import WriteEvent, hookimpl

COMMLMS_API = 1


@hookimpl
def after_write(event: WriteEvent) -> None:
    """Append the event to the outbox file."""
    path = os.environ.get("COMMLMS_OUTBOX")
    if not path:
        return
    line = json.dumps({name: getattr(event, name) for name in ("journal", "action", "record", "new", "changed", "removed")})
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
