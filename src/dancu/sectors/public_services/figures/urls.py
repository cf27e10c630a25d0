"""The dashboard, the table, procedures, records, Decision 766, reasons for paper, what each figure means."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.public_services.figures import record_views, views

app_name = "services_figures"
PREFIX = "so-lieu-dich-vu/"
urlpatterns = [
    path("", views.board, name="board"),
    path("bang/", views.table, name="table"),
    path("don-vi/", views.parts, name="parts"),
    path("chi-so-766/", views.index766, name="index766"),
    path("ho-so-giay/", record_views.paper, name="paper"),
    path("ho-so/", record_views.records, name="records"),
    path("ho-so/<int:dossier_no>/", record_views.record, name="record"),
    path("y-nghia/", views.meanings, name="meanings"),
    path("y-nghia/<slug:code>/", views.meaning, name="meaning"),
]
