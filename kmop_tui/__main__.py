"""`python -m kmop_tui`."""

from kmop_tui.cli import main

raise SystemExit(main())
