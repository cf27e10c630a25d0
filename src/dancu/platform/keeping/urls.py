"""The auditor's page of what is kept and what was purged."""

from __future__ import annotations

from django.urls import path

from dancu.platform.keeping import views

app_name = "keeping"
PREFIX = "luu-giu/"
urlpatterns = [path("", views.rules, name="rules")]
