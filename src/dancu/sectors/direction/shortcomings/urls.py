"""Addresses; none holds anything of a person."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.direction.shortcomings import views

app_name = "direction_shortcomings"
PREFIX = "ton-tai/"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:number>/", views.one, name="one"),
]
