"""Addresses of the counter; none holds anything of a person."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.public_services.counter import (
    bulk_views,
    filing_views,
    hall_views,
    line_views,
    views,
)

app_name = "services_counter"
PREFIX = "ho-so/"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<int:dossier_no>/", views.dossier, name="dossier"),
    path("<int:dossier_no>/lam/", views.act, name="act"),
    path("<int:dossier_no>/doi-chieu/", views.confirm_identity, name="confirm_identity"),
    path("hang-loat/", bulk_views.bulk, name="bulk"),
    path("cho-ky/", bulk_views.to_sign, name="to_sign"),
    path("moi/", filing_views.new, name="new"),
    path("hang-cho/", hall_views.queue, name="queue"),
    path("hang-cho/<int:ticket>/", hall_views.move, name="move"),
    path("man-hinh/<str:place>/", hall_views.screen, name="screen"),
    path("lay-so/<str:place>/<str:word>/", hall_views.kiosk, name="kiosk"),
    path("ket-noi/", line_views.line_page, name="line"),
]
