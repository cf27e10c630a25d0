"""Addresses; none holds anything of a person."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.direction import book_views, views

app_name = "direction"
PREFIX = "chi-dao/"
urlpatterns = [
    path("", views.listed, name="tasks"),
    path("viec/moi/", views.new, name="new"),
    path("viec/<int:task>/", views.task_page, name="task"),
    path("viec/<int:task>/lam/", views.act, name="act"),
    path("tep/<int:paper>/", views.paper, name="paper"),
    path("muc/<int:number>/", book_views.thing, name="thing"),
    path("so/", book_views.home, name="books"),
    path("so/van-ban/nhap/", book_views.take_list, name="import"),
    path("so/<slug:book>/", book_views.listed, name="book"),
    path("so/<slug:book>/moi/", book_views.new, name="record"),
    path("so/<slug:book>/<int:thing>/", book_views.entry_page, name="entry"),
    path("so/<slug:book>/<int:thing>/sua/", book_views.change, name="change"),
    path("so/<slug:book>/<int:thing>/bo/", book_views.withdraw, name="withdraw"),
]
