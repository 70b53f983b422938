"""`python -m clearway`."""

from clearway.cli import main

raise SystemExit(main())
