"""Addresses of sources and lists."""

from __future__ import annotations

from django.urls import path

from dancu.platform.intake import views

app_name = "intake"
PREFIX = "nguon/"
urlpatterns = [
    path("", views.sources, name="sources"),
    path("xem/<slug:name>/", views.source, name="source"),
    path("danh-sach/", views.uploads, name="uploads"),
    path("danh-sach/<int:number>/", views.upload, name="upload"),
    path("danh-sach/<int:number>/ghi/", views.begin, name="begin"),
    path("danh-sach/<int:number>/dung/", views.stop, name="stop"),
    path("danh-sach/<int:number>/bo/", views.forget, name="forget"),
    path("danh-sach/<int:number>/khong-nhan.xlsx", views.rejected, name="rejected"),
]
