"""Addresses: numbers of dossiers and rows; nothing of a person."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.public_services.linked import views

app_name = "services_linked"
PREFIX = "lien-thong/"
urlpatterns = [
    path("", views.waiting, name="list"),
    path("<int:dossier_no>/", views.one, name="dossier"),
    path("<int:dossier_no>/so-dinh-danh/", views.number, name="number"),
    path("su-kien/<int:told_no>/", views.event, name="event"),
]
