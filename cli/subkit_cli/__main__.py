"""``python -m subkit_cli``: the command line where no ``subkit`` is on the path."""

from __future__ import annotations

import sys

from subkit_cli.main import main

__all__: list[str] = []

if __name__ == "__main__":
    sys.exit(main())
