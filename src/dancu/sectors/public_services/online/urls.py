"""Addresses of the citizen's side. Below dich-vu/ the session is a citizen's; officers' pages lie beside it."""

from __future__ import annotations

from django.urls import path

from dancu.sectors.public_services.online import (
    draft_views,
    find_views,
    officer_views,
    own_views,
    proxy_views,
)

app_name = "services_online"
PREFIX = ""
_DRAFT, _OWN = "dich-vu/nhap/<uuid:draft>/", "dich-vu/toi/<str:code>/"
urlpatterns = [
    path("dich-vu/", find_views.find, name="find"),
    path("dich-vu/theo-doi/", find_views.follow, name="follow"),
    path("dich-vu/toi/", own_views.mine, name="mine"),
    path("dich-vu/nhan-tin/", own_views.contact, name="contact"),
    path("dich-vu/nho-nop/", proxy_views.listed, name="proxies"),
    path("dich-vu/nho-nop/cho/", proxy_views.give, name="give_proxy"),
    path("dich-vu/nho-nop/nhan/", proxy_views.take, name="take_proxy"),
    path("dich-vu/nho-nop/<uuid:proxy>/thoi/", proxy_views.withdraw, name="end_proxy"),
    path(_DRAFT, draft_views.draft, name="draft"),
    path(f"{_DRAFT}biet-roi/", draft_views.known, name="known"),
    path(f"{_DRAFT}hoi/<slug:field>/", draft_views.question, name="question"),
    path(f"{_DRAFT}giay-to/<slug:part>/", draft_views.paper, name="paper"),
    path(f"{_DRAFT}giay-to/<slug:part>/bo/", draft_views.drop_file, name="drop_file"),
    path(f"{_DRAFT}xem-lai/", draft_views.review, name="review"),
    path(f"{_DRAFT}da-nop/", draft_views.filed, name="filed"),
    path(f"{_DRAFT}xoa/", draft_views.drop, name="drop"),
    path(_OWN, own_views.dossier, name="dossier"),
    path(f"{_OWN}bo-sung/", own_views.supplement, name="supplement"),
    path(f"{_OWN}bo-sung/gui/", own_views.hand_in, name="hand_in"),
    path(f"{_OWN}rut/", own_views.withdraw, name="withdraw"),
    path(f"{_OWN}phi/", own_views.fee, name="fee"),
    path(f"{_OWN}phi/hoi/", own_views.ask_bank, name="ask_bank"),
    path(f"{_OWN}danh-gia/", own_views.rate, name="rate"),
    path(f"{_OWN}phan-anh/", own_views.complain, name="complain"),
    path(f"{_OWN}tep/<uuid:attachment>/", own_views.own_file, name="own_file"),
    path("dich-vu/<str:procedure>/", find_views.service, name="service"),
    path("dich-vu/<str:procedure>/nop/", draft_views.begin, name="begin"),
    path("phan-anh-ho-so/", officer_views.complaints, name="complaints"),
    path("phan-anh-ho-so/<str:code>/", officer_views.complaint, name="complaint"),
    path("tep-ho-so/<uuid:attachment>/", officer_views.file, name="file"),
    path("nho-nop-thay/<uuid:citizen>/", proxy_views.on_paper, name="paper_consent"),
]
