"""`python -m dancu_verify`."""

from __future__ import annotations

import sys

from dancu_verify.command import main

sys.exit(main())
