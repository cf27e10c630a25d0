"""Addresses of the citizen's page: no personal data in any. Below cong-dan/ the session is a citizen's."""

from __future__ import annotations

from django.urls import path

from dancu.platform.citizen import (
    audit_views,
    child_views,
    consent_views,
    login_views,
    look_views,
    request_views,
    views,
)

app_name = "citizen"
PREFIX = ""
urlpatterns = [
    path("cong-dan/", login_views.start, name="start"),
    path("cong-dan/quyen/", login_views.rights, name="rights"),
    path("cong-dan/dang-nhap/", login_views.to_provider, name="login"),
    path("cong-dan/dang-nhap/ve/", login_views.back, name="back"),
    path("cong-dan/dang-nhap/mau/", login_views.sample, name="sample"),
    path("cong-dan/thoat/", login_views.leave, name="leave"),
    path("cong-dan/toi/", views.home, name="home"),
    path("cong-dan/toi/du-lieu/", views.data, name="data"),
    path("cong-dan/toi/du-lieu/hien-so/", views.whole_number, name="whole_number"),
    path("cong-dan/toi/ho/", views.household, name="household"),
    path("cong-dan/toi/ban-sao/", views.take_along, name="copy"),
    path("cong-dan/toi/ban-sao/tai-ve/", views.download, name="download"),
    path("cong-dan/toi/ai-xem/", look_views.listed, name="looks"),
    path("cong-dan/toi/ai-xem/<uuid:receipt>/", look_views.one, name="look"),
    path("cong-dan/toi/ai-xem/<uuid:receipt>/hoi/", look_views.ask, name="ask"),
    path("cong-dan/toi/hoi/", look_views.asked, name="questions"),
    path("cong-dan/toi/hoi/<str:code>/", look_views.question, name="question"),
    path("cong-dan/toi/sua/", request_views.choose_field, name="choose_field"),
    path("cong-dan/toi/sua/<slug:field>/", request_views.correct, name="correct"),
    path("cong-dan/toi/yeu-cau/", request_views.listed, name="requests"),
    path("cong-dan/toi/yeu-cau/moi/<slug:kind>/", request_views.ask, name="new_request"),
    path("cong-dan/toi/yeu-cau/<uuid:receipt>/", request_views.one, name="request"),
    path("cong-dan/toi/yeu-cau/<uuid:receipt>/rut/", request_views.cancel, name="cancel_request"),
    path("cong-dan/toi/dong-y/", consent_views.listed, name="consents"),
    path("cong-dan/toi/dong-y/moi/", consent_views.choose, name="choose_consent"),
    path(
        "cong-dan/toi/dong-y/moi/<slug:purpose>/<slug:partner>/",
        consent_views.give,
        name="give_consent",
    ),
    path("cong-dan/toi/dong-y/<uuid:receipt>/", consent_views.one, name="consent"),
    path(
        "cong-dan/toi/dong-y/<uuid:receipt>/bien-nhan/",
        consent_views.receipt_file,
        name="consent_file",
    ),
    path("cong-dan/toi/dong-y/<uuid:receipt>/rut/", consent_views.withdraw, name="withdraw"),
    path("cong-dan/toi/su-co/", child_views.incidents, name="incidents"),
    path("cong-dan/toi/con/", child_views.listed, name="children"),
    path("cong-dan/toi/con/<uuid:child>/", child_views.one, name="child"),
    path(
        "cong-dan/toi/con/<uuid:child>/dong-y/",
        consent_views.choose,
        name="choose_child_consent",
    ),
    path(
        "cong-dan/toi/con/<uuid:child>/dong-y/<slug:purpose>/<slug:partner>/",
        consent_views.give,
        name="give_child_consent",
    ),
    path(
        "cong-dan/toi/con/<uuid:child>/sua/", request_views.choose_field, name="choose_child_field"
    ),
    path(
        "cong-dan/toi/con/<uuid:child>/sua/<slug:field>/",
        request_views.correct,
        name="correct_child",
    ),
    path(
        "cong-dan/toi/con/<uuid:child>/yeu-cau/<slug:kind>/",
        request_views.ask,
        name="new_child_request",
    ),
    path("cong-dan-hoi/", audit_views.listed, name="audit"),
    path("cong-dan-hoi/<str:code>/", audit_views.one, name="audit_one"),
]
