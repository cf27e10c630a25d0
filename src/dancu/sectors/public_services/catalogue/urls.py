"""Addresses of the catalogue; the reviews lie beneath it."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.public_services.catalogue import review_views, views

app_name = "services_catalogue"
PREFIX = "thu-tuc/"
urlpatterns = [
    path("", views.listed, name="list"),
    path("ma-cong/", views.codes, name="codes"),
    path("ra-soat/", review_views.listed, name="reviews"),
    path("ra-soat/moi/<str:code>/", review_views.propose, name="propose"),
    path("ra-soat/<int:number>/", review_views.review, name="review"),
    path("ra-soat/<int:number>/quyet-dinh/", review_views.decide, name="decide"),
    path("ra-soat/<int:number>/rut/", review_views.withdraw, name="withdraw"),
    path("<str:code>/", views.procedure, name="procedure"),
    path("<str:code>/so-sanh/", views.compare, name="compare"),
]
