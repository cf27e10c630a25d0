"""The app of the gateway."""

from __future__ import annotations

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """The way to who may answer, the breaker on it, and the queue of questions while the line is down."""

    name = "dancu.platform.gateway"
    label = "gateway"
