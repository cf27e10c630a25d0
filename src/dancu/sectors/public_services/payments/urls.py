"""Addresses of fees."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.public_services.payments import views

app_name = "services_payments"
PREFIX = "phi/"
urlpatterns = [
    path("bao-co/", views.callback, name="callback"),
    path("can-xem/", views.odd, name="odd"),
]
