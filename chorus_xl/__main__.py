"""``python -m chorus_xl``: the command line, where the script is not on the path."""

from chorus_xl.cli import main

main()
