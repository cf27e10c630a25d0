"""Django's settings for all tests and doctests, without a database: fixtures in tests/site.py point it to one."""

from __future__ import annotations

import gc
import os

import django


def pytest_collection_finish() -> None:
    """What was collected stays: it need not be gone through again and again for garbage."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """At the end it is garbage as any other."""
    gc.unfreeze()


def pytest_configure() -> None:
    """Before anything is collected: doctests import modules that hold models."""
    given = {
        "DANCU_DATABASE": "none",
        "DANCU_HOSTS": "testserver,127.0.0.1,localhost",
        "DANCU_SECRET_KEY": "only-for-tests",
        "DJANGO_SETTINGS_MODULE": "dancu.site.settings",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    django.setup()
    # Programs that tests start must not inherit these.
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})
