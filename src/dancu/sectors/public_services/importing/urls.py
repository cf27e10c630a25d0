"""Addresses of lists of other portals."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.public_services.importing import differ_views, views

app_name = "services_importing"
PREFIX = "ho-so-nhap/"
urlpatterns = [
    path("", views.home, name="home"),
    path("nhap/", views.take, name="take"),
    path("so/", differ_views.ask, name="differ"),
    path("tep/<int:number>/", views.hand_in, name="hand_in"),
    path("tep/<int:number>/ghi/", views.begin, name="begin"),
    path("tep/<int:number>/bo/", views.forget, name="forget"),
    path("lan/<int:number>/", views.done, name="done"),
    path("lan/<int:number>/khong-nhan.xlsx", views.rejected, name="rejected"),
    path("khac-biet/<int:number>/", differ_views.listed, name="differences"),
    path("khac-biet/<int:number>/khac-biet.<slug:form>", differ_views.download, name="download"),
]
