"""Addresses of the frame."""

from __future__ import annotations

from django.urls import path

from dancu.platform.ui import views

app_name = "ui"
PREFIX = ""
urlpatterns = [
    path("", views.home, name="home"),
    path("ngon-ngu/", views.language, name="language"),
]
