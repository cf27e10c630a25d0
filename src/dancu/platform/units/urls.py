"""Addresses of units, scores, rules and changes of units."""

from __future__ import annotations

from django.urls import path

from dancu.platform.units import change_views, rule_views, views

app_name = "units"
PREFIX = ""
urlpatterns = [
    path("don-vi/", views.tree, name="tree"),
    path("don-vi/ban-do/", views.map_of, name="map"),
    path("don-vi/can-lam-truoc/", views.who_is_behind, name="behind"),
    path("don-vi/chot-ngay/", change_views.close_day, name="close_day"),
    path("don-vi/<str:code>/", views.unit, name="unit"),
    path("quy-tac/", rule_views.rules, name="rules"),
    path("quy-tac/<str:rule_id>/", rule_views.rule, name="rule"),
    path("thay-doi-don-vi/", change_views.changes, name="changes"),
    path("thay-doi-don-vi/moi/", change_views.new, name="new_change"),
    path("thay-doi-don-vi/<int:number>/", change_views.change, name="change"),
    path("thay-doi-don-vi/<int:number>/kiem-tra/", change_views.check, name="check_change"),
    path("thay-doi-don-vi/<int:number>/ap-dung/", change_views.apply, name="apply_change"),
    path("thay-doi-don-vi/<int:number>/hoan-tac/", change_views.undo, name="undo_change"),
    path("thay-doi-don-vi/<int:number>/bo/", change_views.cancel, name="cancel_change"),
    path("thay-doi-don-vi/<int:number>/chia/<str:code>/", change_views.decide, name="decide"),
]
