"""Addresses of background jobs."""

from __future__ import annotations

from django.urls import path

from dancu.platform.tasks import views

app_name = "tasks"
PREFIX = "viec-nen/"
urlpatterns = [path("<int:number>/tien-do/", views.progress, name="progress")]
