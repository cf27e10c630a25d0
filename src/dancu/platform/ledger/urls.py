"""Addresses of the ledger: proofs for everybody, the auditor's page."""

from __future__ import annotations

from django.urls import path

from dancu.platform.ledger import api, views

app_name = "ledger"
PREFIX = ""

urlpatterns = [
    path("api/v1/ledger/head", api.head, name="api-head"),
    path("api/v1/ledger/keys", api.keys, name="api-keys"),
    path("api/v1/ledger/consistency", api.consistency, name="api-consistency"),
    path("api/v1/ledger/receipts/<uuid:number>", api.receipt, name="api-receipt"),
    path("api/v1/ledger/tiles/<int:level>/<int:index>", api.tile, name="api-tile"),
    path("so-cai/", views.show, name="show"),
    path("so-cai/bien-nhan/", views.receipt, name="receipt"),
    path("so-cai/xuat/", views.export, name="export"),
    path("so-cai/kiem-tra/", views.check, name="check"),
    path("so-cai/ban-xuat/<int:number>/", views.download, name="download"),
]
