"""Django's own commands for developers: ``python tools/manage.py makemigrations APP`` (then read what it wrote)."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.site.settings")
    os.environ.setdefault("DANCU_HOME", str(Path(__file__).resolve().parent.parent))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
