"""Addresses of the line; none holds anything of a person, a question's number is a random one."""

from __future__ import annotations

from django.urls import path

from dancu.platform.gateway import views

app_name = "gateway"
PREFIX = "duong-truyen/"
urlpatterns = [
    path("", views.link, name="link"),
    path("dung/", views.stop, name="stop"),
    path("chay-lai/", views.resume, name="resume"),
    path("cau-hoi/", views.mine, name="mine"),
    path("cau-hoi/<uuid:number>/", views.one, name="one"),
]
