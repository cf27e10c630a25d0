"""What granian runs: ``granian --interface wsgi dancu.site.wsgi:application``. The counter at the edge is outermost."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from dancu.site import addresses, edge

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dancu.site.settings")
application = edge.Edge(
    get_wsgi_application(), edge.Counter(lambda: addresses.of("edge")), edge.route
)
