"""The board of a unit, a pillar's figures side by side, one figure."""

from __future__ import annotations

from django.urls import path

from dancu.platform.dashboards import views

app_name = "dashboards"
PREFIX = "dieu-hanh/"
urlpatterns = [
    path("", views.board, name="board"),
    path("tru-cot/", views.pillar, name="pillar"),
    path("chi-so/<slug:code>/", views.indicator, name="indicator"),
]
