"""Addresses of the register: no personal data in any of them."""

from __future__ import annotations

from django.urls import path

from dancu.platform.register import views

app_name = "register"
PREFIX = ""
urlpatterns = [
    path("tra-cuu/", views.search, name="search"),
    path("nguoi/<uuid:citizen>/", views.person, name="person"),
    path("nguoi/<uuid:citizen>/hien-so/", views.unmask, name="unmask"),
    path("nguoi/<uuid:citizen>/doi-sanh/", views.match, name="match"),
    path("ho/<uuid:citizen>/", views.household, name="household"),
]
