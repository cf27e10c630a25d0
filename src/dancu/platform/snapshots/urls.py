"""Addresses: a figure by its code, its records; frozen reports."""

from __future__ import annotations

from django.urls import path

from dancu.platform.snapshots import frozen_views, views

app_name = "snapshots"
PREFIX = "so-lieu/"
urlpatterns = [
    path("", views.lookup, name="lookup"),
    path("da-chot/", frozen_views.listed, name="listed"),
    path("da-chot/<uuid:snapshot>/<str:kind>/", frozen_views.download, name="file"),
    path("chot/<str:key>/", frozen_views.freeze, name="freeze"),
    path("<str:code>/", views.figure, name="figure"),
    path("<str:code>/ban-ghi/", views.records, name="records"),
]
