"""``python -m commlms``, and the command ``commlms``, are the command line."""

import os
import signal
import sys
from types import FrameType

#: What Ctrl-C says while the command line is still being loaded: nothing has been opened yet.
_BEFORE = "已中断，什么也没有做 / interrupted, nothing was done\n"


def main() -> None:
    """Run the command line. Ctrl-C ends it in order from the first moment on, with status 130."""
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a command in the background hears none
    if heard:
        signal.signal(signal.SIGINT, _quit)
    from commlms.cli.main import main as run

    if heard:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


def _quit(number: int, frame: FrameType | None) -> None:
    os.write(2, _BEFORE.encode(sys.stderr.encoding or "utf-8", "replace"))
    os._exit(128 + number)


if __name__ == "__main__":
    main()
