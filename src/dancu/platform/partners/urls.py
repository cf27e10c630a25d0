"""Addresses of partners."""

from __future__ import annotations

from django.urls import path

from dancu.platform.partners import views

app_name = "partners"
PREFIX = "quan-tri/doi-tac/"
urlpatterns = [
    path("", views.listed, name="list"),
    path("moi/", views.register, name="new"),
    path("bat-thuong/", views.flags, name="flags"),
    path("bat-thuong/<int:number>/da-xem/", views.see, name="see"),
    path("<slug:client_id>/", views.one, name="one"),
    path("<slug:client_id>/dung/", views.switch, name="switch"),
]
