"""Addresses of the duplicates: numbers of pairs, identifiers of citizens; nothing of a person."""

from __future__ import annotations

from django.urls import path

from dancu.platform.duplicates import views

app_name = "duplicates"
PREFIX = "trung/"
urlpatterns = [
    path("", views.listed, name="list"),
    path("tiep/", views.next_pair, name="next"),
    path("<int:number>/", views.pair_page, name="pair"),
    path("<int:number>/ket-luan/", views.judge, name="judge"),
    path("hoan-tac/<int:event>/", views.undo, name="undo"),
    path("ho-so/<uuid:citizen>/", views.person_page, name="person"),
    path("ho-so/<uuid:citizen>/tach/", views.split, name="split"),
    path("vi-sao/", views.why, name="why"),
    path("cho-duyet/", views.proposals, name="proposals"),
    path("cho-duyet/<int:number>/", views.proposal_page, name="proposal"),
    path("cho-duyet/<int:number>/duyet/", views.decide, name="decide"),
]
