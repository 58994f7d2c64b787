"""``python -m commlms`` is the command line."""

from commlms.cli.main import main

main()
