"""Addresses of consents and duties."""

from __future__ import annotations

from django.urls import path, register_converter

from dancu.platform.consent import breach_views, duty_views, request_views, views

app_name = "consent"
PREFIX = "du-lieu-ca-nhan/"


class Ending:
    """How a file is handed out."""

    regex = "xlsx|json"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Ending, "ending")

urlpatterns = [
    path("dong-y/", views.home, name="home"),
    path("nguoi/<uuid:citizen>/", views.person, name="person"),
    path("nguoi/<uuid:citizen>/dong-y/", views.record, name="record"),
    path("nguoi/<uuid:citizen>/yeu-cau/<slug:kind>/", request_views.new, name="request_new"),
    path("dong-y/<int:number>/", views.receipt, name="receipt"),
    path("dong-y/<int:number>/bien-nhan.jws", views.receipt_file, name="receipt_file"),
    path("dong-y/<int:number>/phieu/", views.scan, name="scan"),
    path("dong-y/<int:number>/rut/", views.withdraw, name="withdraw"),
    path("yeu-cau/", request_views.queue, name="queue"),
    path("yeu-cau/<int:number>/", request_views.one, name="request"),
    path("yeu-cau/<int:number>/lam/", request_views.act, name="request_act"),
    path("yeu-cau/<int:number>/tra-loi/", request_views.answer, name="answer"),
    path("yeu-cau/<int:number>/don/", request_views.scan, name="request_scan"),
    path("yeu-cau/<int:number>/da-nhan/", request_views.taken, name="taken"),
    path("ho-so-xu-ly/", duty_views.records, name="processing"),
    path("ho-so-xu-ly.<ending:ending>", duty_views.records_file, name="processing_file"),
    path("danh-gia/<slug:kind>/", duty_views.assessment, name="assessment"),
    path(
        "danh-gia/<slug:kind>/<int:number>/",
        duty_views.assessment_version,
        name="assessment_version",
    ),
    path(
        "danh-gia/<slug:kind>/<int:number>.json", duty_views.assessment_file, name="assessment_file"
    ),
    path("vi-pham/", breach_views.listed, name="breaches"),
    path("vi-pham/moi/", breach_views.new, name="breach_new"),
    path("vi-pham/<int:number>/", breach_views.one, name="breach"),
    path("vi-pham/<int:number>/lam/", breach_views.act, name="breach_act"),
    path("vi-pham/<int:number>/thong-bao/", breach_views.notice, name="notice"),
]
