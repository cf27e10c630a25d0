"""All addresses: what the apps bring, and the error pages."""

from __future__ import annotations

from django.urls import path

from dancu.site import discovery, errors

urlpatterns = [*discovery.addresses(), path("mat-ket-noi/", errors.offline, name="offline")]
handler400 = "dancu.site.errors.bad_request"
handler403 = "dancu.site.errors.forbidden"
handler404 = "dancu.site.errors.not_found"
handler500 = "dancu.site.errors.server_error"
