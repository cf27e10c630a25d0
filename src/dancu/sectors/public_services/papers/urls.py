"""Addresses of papers. Below cong-dan/ the session is a citizen's; the check of a file is everybody's."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.public_services.papers import check_views, views

app_name = "services_papers"
PREFIX = ""
urlpatterns = [
    path("giay-to/<uuid:paper>/", views.paper, name="paper"),
    path("giay-to/kiem-soat/<int:dossier_no>/", views.control_slip, name="control_slip"),
    path("cong-dan/giay-to/", views.mine, name="mine"),
    path("cong-dan/giay-to/<uuid:paper>/", views.own_paper, name="own_paper"),
    path("kiem-tra-giay-to/", check_views.check, name="check"),
]
