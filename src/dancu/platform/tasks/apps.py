"""The app of background jobs."""

from __future__ import annotations

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Procrastinate keeps the queue; this app keeps what people see of it."""

    name = "dancu.platform.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"
