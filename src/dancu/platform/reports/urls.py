"""Addresses of indicators."""

from __future__ import annotations

from django.urls import path

from dancu.platform.reports import views

app_name = "reports"
PREFIX = "chi-tieu/"
urlpatterns = [
    path("", views.indicators, name="list"),
    path("<slug:code>/", views.indicator, name="indicator"),
    path("<slug:code>/xep-hang/", views.ranked, name="ranked"),
    path("<slug:code>/ban-ghi/", views.records, name="records"),
]
