"""Addresses of checks without a line; none holds anything of a person."""

from __future__ import annotations

from django.urls import path

from dancu.platform.offline import device, views

app_name = "offline"
PREFIX = "ngoai-tuyen/"
urlpatterns = [
    path("", device.check, name="check"),
    path("may/", device.who, name="device"),
    path("sw.js", device.worker, name="worker"),
    path("con-dung/", device.good, name="good"),
    path("<uuid:number>/nhan/", device.fetch, name="fetch"),
    path("<uuid:number>/ket-qua/", device.result, name="result"),
    path("danh-sach/", views.lists, name="lists"),
    path("danh-sach/lap/", views.new, name="make"),
    path("danh-sach/<uuid:number>/", views.one, name="one"),
    path("danh-sach/<uuid:number>/thu-hoi/", views.revoke, name="revoke"),
]
