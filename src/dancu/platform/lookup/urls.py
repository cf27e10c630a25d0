"""Addresses of verification: the API, the scan page, lists."""

from __future__ import annotations

from django.urls import path

from dancu.platform.lookup import api, batch_views, views

app_name = "lookup"
PREFIX = ""
urlpatterns = [
    path("api/v1/verify", api.verify, name="verify"),
    path("api/v1/token", api.token, name="token"),
    path("api/v1/jwks.json", api.jwks, name="jwks"),
    path("api/v1/verify/openapi.json", api.document, name="openapi"),
    path("xac-minh/", views.scan, name="scan"),
    path("xac-minh/danh-sach/", batch_views.lists, name="lists"),
    path("xac-minh/danh-sach/<int:number>/", batch_views.one, name="list"),
    path("xac-minh/danh-sach/<int:number>/ket-qua.csv", batch_views.result, name="result"),
]
