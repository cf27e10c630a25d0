"""Addresses of rights and territory."""

from __future__ import annotations

from django.urls import path

from dancu.platform.access import views

app_name = "access"
PREFIX = "truy-cap/"
urlpatterns = [
    path("ngoai-dia-ban/", views.ask, name="ask"),
    path("ngoai-dia-ban/<int:number>/ket-thuc/", views.end, name="end"),
    path("thong-bao/", views.notices, name="notices"),
]
