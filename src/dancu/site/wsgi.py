"""What granian runs: ``granian --interface wsgi dancu.site.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.site.settings")
application = get_wsgi_application()
