"""Addresses of the worklists; none holds anything of a person."""

from __future__ import annotations

from django.urls import path

from dancu.platform.worklists import device, round_views, views

app_name = "worklists"
PREFIX = "viec/"
urlpatterns = [
    path("", views.listed, name="list"),
    path("hang-loat/", views.bulk, name="bulk"),
    path("<int:task>/", views.task_page, name="task"),
    path("<int:task>/lam/", views.act, name="act"),
    path("<int:task>/giay-to/", views.add_evidence, name="add_evidence"),
    path("giay-to/<int:number>/", views.evidence_file, name="evidence"),
    path("yeu-cau/", round_views.requests_page, name="requests"),
    path("yeu-cau/<int:number>/", round_views.answer, name="answer"),
    path("phuc-tra/", round_views.rounds_page, name="rounds"),
    path("phuc-tra/<int:number>/", round_views.round_page, name="round"),
    path("kiem-tra-lai/", round_views.reinspections, name="reinspections"),
    path("kiem-tra-lai/<int:number>/", round_views.reinspection_page, name="reinspection"),
    path("may/", device.who, name="device"),
    path("sw.js", device.worker, name="worker"),
]
