"""Addresses; none holds anything of a person."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.direction.conference import call_views, pair_views, rise_views, views

app_name = "direction_conference"
PREFIX = "hoi-nghi/"
urlpatterns = [
    path("", views.listed, name="list"),
    path("moi/", call_views.new, name="new"),
    path("bieu-duong/", rise_views.rises, name="rises"),
    path("giup-do/", pair_views.proposed, name="pairs"),
    path("<int:number>/", views.one, name="one"),
    path("<int:number>/buoc/", call_views.step, name="step"),
    path("<int:number>/diem-cau/", views.roll, name="roll"),
    path("<int:number>/diem-cau/<str:unit>/", call_views.connect, name="connect"),
    path("<int:number>/phieu/<str:unit>/", views.brief, name="brief"),
    path("<int:number>/phat-bieu/", call_views.say, name="say"),
    path("<int:number>/ket-luan/", call_views.conclude, name="conclude"),
    path("<int:number>/bien-ban/", views.minutes, name="minutes"),
]
