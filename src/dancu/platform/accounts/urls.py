"""Addresses of accounts."""

from __future__ import annotations

from django.urls import path

from dancu.platform.accounts import admin_views, oidc_views, views

app_name = "accounts"
PREFIX = ""
urlpatterns = [
    path("dang-nhap/", views.log_in, name="login"),
    path("dang-nhap/ma/", views.code, name="code"),
    path("dang-nhap/chung/", oidc_views.start, name="oidc"),
    path("dang-nhap/chung/ve/", oidc_views.back, name="oidc_back"),
    path("dang-xuat/", views.log_out, name="logout"),
    path("tai-khoan/", views.account, name="account"),
    path("tai-khoan/mat-khau/", views.password, name="password"),
    path("tai-khoan/ma-xac-thuc/", views.enrol, name="totp"),
    path("tai-khoan/phien-khac/", views.end_other_sessions, name="end_sessions"),
    path("quan-tri/tai-khoan/", admin_views.users, name="users"),
    path("quan-tri/tai-khoan/moi/", admin_views.new_user, name="new_user"),
    path("quan-tri/tai-khoan/<int:number>/", admin_views.user, name="user"),
    path("quan-tri/tai-khoan/<int:number>/tai-khoan-chung/", admin_views.link, name="link"),
    path(
        "quan-tri/tai-khoan/<int:number>/tai-khoan-chung/<int:identity>/go/",
        admin_views.unlink,
        name="unlink",
    ),
    path("quan-tri/tai-khoan/<int:number>/<slug:what>/", admin_views.act, name="act"),
    path("quan-tri/quyen/<int:number>/thu-hoi/", admin_views.revoke, name="revoke"),
]
