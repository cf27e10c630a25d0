"""Where a report and its figures are opened: addresses for paper and files, whole where the site's own is set."""

from __future__ import annotations

import os

ADDRESS = "DANCU_ADDRESS"
LOOKUP = "/so-lieu/"


def base() -> str:
    """The site's address without a slash at its end; empty when it is not set."""
    return os.environ.get(ADDRESS, "").rstrip("/")


def of_figure(code: str) -> str:
    """The page that a short code opens."""
    return f"{base()}{LOOKUP}{code}/"


def of_report(key: str) -> str:
    """The web page of a report."""
    return f"{base()}/bao-cao/{key}/"


def of_public(key: str) -> str:
    """The public page of a report that has been issued."""
    return f"{base()}/bao-cao/cong-khai/{key}/"
