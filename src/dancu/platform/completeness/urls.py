"""The public figures; the auditor's gaps and receipts."""

from __future__ import annotations

from django.urls import path

from dancu.platform.completeness import views

app_name = "completeness"
PREFIX = ""
urlpatterns = [
    path("cong-khai/nhat-ky/", views.figures, name="public"),
    path("doi-chieu-nhat-ky/", views.gaps, name="gaps"),
    path("doi-chieu-nhat-ky/bien-nhan/", views.receipts, name="receipts"),
]
