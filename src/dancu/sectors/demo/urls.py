"""Addresses; none holds anything of a person."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.demo import views

app_name = "demo"
PREFIX = "demo/"
urlpatterns = [
    path("", views.listed, name="list"),
    path("moi/", views.new, name="new"),
    path("<int:card>/", views.card_page, name="card"),
    path("<int:card>/lam/", views.act, name="act"),
    path("so-lieu/", views.figure_page, name="figures"),
    path("so-lieu/<code>/", views.figure_records, name="records"),
]
