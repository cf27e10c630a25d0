"""Addresses of the list."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.health_insurance_list import views

app_name = "health_insurance_list"
PREFIX = "bao-hiem-tre-em/"
urlpatterns = [
    path("", views.children, name="list"),
    path("<int:number>/", views.child, name="child"),
]
