"""Addresses of the feed."""

from __future__ import annotations

from django.urls import path

from dancu.platform.feed import pulling, views

app_name = "feed"
PREFIX = ""
urlpatterns = [
    path("api/v1/feed", pulling.view, name="pull"),
    path("quan-tri/kenh-bao/", views.subscribers, name="subscribers"),
    path("quan-tri/kenh-bao/moi/", views.choose, name="choose"),
    path("quan-tri/kenh-bao/moi/<slug:client>/", views.subscribe, name="subscribe"),
    path("quan-tri/kenh-bao/<int:number>/", views.subscriber, name="subscriber"),
    path("quan-tri/kenh-bao/<int:number>/sua/", views.change, name="change"),
    path("quan-tri/kenh-bao/<int:number>/<slug:what>/", views.act, name="act"),
]
