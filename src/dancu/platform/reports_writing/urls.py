"""Addresses of reports."""

from __future__ import annotations

from django.urls import path

from dancu.platform.reports_writing import edit_views, file_views, public_views, views

app_name = "reports_writing"
PREFIX = "bao-cao/"
urlpatterns = [
    path("", views.listed, name="list"),
    path("cong-khai/", public_views.listed, name="public_list"),
    path("cong-khai/<str:key>/", public_views.summary, name="public"),
    path("cong-khai/<str:key>/so-lieu.csv", public_views.as_csv, name="public_csv"),
    path("cong-khai/<str:key>/so-lieu.json", public_views.as_json, name="public_json"),
    path("cong-khai/<str:key>/dcat.jsonld", public_views.as_dcat, name="public_dcat"),
    path("<str:key>/", views.one, name="one"),
    path("<str:key>/kiem-tra/", views.checks, name="checks"),
    path("<str:key>/lich-su/", views.history, name="history"),
    path("<str:key>/ban-hanh/", views.issue, name="issue"),
    path("<str:key>/cau/<str:sentence>/", edit_views.sentence, name="sentence"),
    path("<str:key>/phu-luc/<str:code>/", views.annex, name="annex"),
    path("<str:key>/tep/<str:kind>/", file_views.download, name="file"),
]
