"""Runs a command and writes what it took to a file descriptor: ``launch.py DESCRIPTOR COMMAND...``.

A process's peak memory counts from the process that started it, for the kernel keeps the maximum through ``exec``.
So what starts the measured one must be small itself: this script imports next to nothing.
"""

import os
import sys
import time


def main() -> int:
    """Start, wait, report wall seconds, processor seconds and peak KiB; ends as the command ended."""
    report, command = int(sys.argv[1]), sys.argv[2:]
    started = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - started
    os.write(report, f"{seconds} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss}".encode())
    ended = os.waitstatus_to_exitcode(status)
    return ended if ended >= 0 else 128 - ended


if __name__ == "__main__":
    sys.exit(main())
