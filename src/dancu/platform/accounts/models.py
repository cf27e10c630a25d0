"""Users, what they were granted, how they prove who they are, and what was done to accounts."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.reference.rights import CITIZEN, roles


class User(models.Model):
    """Who somebody is; how they prove it stands in :class:`Credential`, which pages cannot read."""

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=120)
    locale = models.CharField(
        max_length=2, default="vi", choices=(("vi", "Tiếng Việt"), ("en", "English"))
    )
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    citizen_number = models.CharField(max_length=12, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    is_authenticated = True
    is_anonymous = False

    class Meta:
        ordering = ("username",)

    def __str__(self) -> str:
        return self.display_name

    @cached_property
    def grants_today(self) -> list[Grant]:
        """The grants in force today; asked for once a request. What a citizen may, no account is given."""
        day = timezone.localdate()
        return list(
            self.grants.filter(valid_from__lte=day, revoked_at=None)
            .exclude(role=CITIZEN)
            .filter(Q(valid_to=None) | Q(valid_to__gte=day))
            .order_by("role", "unit_code")
        )

    @property
    def roles_today(self) -> list[str]:
        """Codes of the roles held today."""
        return list(dict.fromkeys(grant.role for grant in self.grants_today))


class Stranger:
    """Who has not logged in."""

    pk = None
    username = display_name = ""
    locale = ""
    is_authenticated = False
    is_anonymous = True
    grants_today: tuple[Any, ...] = ()
    roles_today: tuple[str, ...] = ()


class Grant(models.Model):
    """A role for a user in a unit, for a time. Never changed, only revoked: who could see what stays answerable."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)
    unit_code = models.CharField(max_length=10, blank=True, default="")
    unit_on = models.DateField(help_text="the day on which unit_code is to be read")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    given_by = models.CharField(max_length=60)
    reason = models.TextField()
    given_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        ordering = ("role", "unit_code")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_period",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.unit_code}"

    @property
    def role_name(self) -> str:
        """The role in the language of the page."""
        role = roles()[self.role]
        return role.name_en if get_language() == "en" else role.name_vi

    @property
    def unit_name(self) -> str:
        """The unit's name on the grant's own day."""
        from dancu.platform.access.territory import full_name

        return full_name(self.unit_code, self.unit_on) if self.unit_code else ""


class Credential(models.Model):
    """How a user proves who they are."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="credential")
    password = models.CharField(max_length=200, blank=True, default="")
    must_change = models.BooleanField(default=False)
    totp_secret = models.TextField(blank=True, default="")
    """Encrypted (secrets.py); empty until enrolled."""
    last_totp_step = models.BigIntegerField(default=0)
    demo_without_totp = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"credential of {self.user_id}"


class RecoveryCode(models.Model):
    """One use instead of a TOTP code, for a lost telephone."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=200)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class Identity(models.Model):
    """The subject of an OIDC provider that is this user: made beforehand, never by logging in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.URLField(max_length=200)
    subject = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("issuer", "subject"), name="one_user_a_subject"),
        )

    def __str__(self) -> str:
        return f"{self.issuer} {self.subject}"


class Attempt(models.Model):
    """Failed log-ins of one name or one address, both hashed: a name that does not exist locks just the same."""

    key = models.CharField(max_length=80, primary_key=True)
    failed = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class Session(models.Model):
    """A server-side session under the hash of its key: who reads this table cannot take one over."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    data = models.TextField()
    user_id = models.BigIntegerField(null=True, db_index=True)
    agent = models.CharField(max_length=120, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    opened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    idle_minutes = models.PositiveIntegerField(default=60)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key_hash[:8]


class AccountEvent(models.Model):
    """What was done to an account: log-ins, refusals, grants, resets. Only ever added to."""

    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=40)
    by = models.CharField(max_length=60)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="events")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["user", "-at"], name="events_of_user"),)

    def __str__(self) -> str:
        return self.what

    @property
    def what_name(self) -> Any:
        """The kind in words."""
        return EVENTS.get(self.what, self.what)


EVENTS = {
    "login": _("Đăng nhập"),
    "logout": _("Đăng xuất"),
    "login.failed": _("Đăng nhập sai"),
    "code.failed": _("Sai mã xác thực"),
    "oidc.failed": _("Đăng nhập chung không thành công"),
    "citizen.in": _("Công dân đăng nhập"),
    "citizen.refused": _("Công dân đăng nhập không thành công"),
    "user.created": _("Lập tài khoản"),
    "user.opened": _("Mở lại tài khoản"),
    "user.closed": _("Đóng tài khoản"),
    "user.unlocked": _("Mở khoá đăng nhập"),
    "grant.given": _("Giao vai trò"),
    "grant.revoked": _("Thu hồi vai trò"),
    "totp.enrolled": _("Kết nối ứng dụng xác thực"),
    "totp.reset": _("Đặt lại mã xác thực"),
    "password.changed": _("Đổi mật khẩu"),
    "password.reset": _("Đặt lại mật khẩu"),
    "identity.linked": _("Gắn tài khoản chung"),
    "identity.unlinked": _("Gỡ tài khoản chung"),
    "sessions.ended": _("Đăng xuất mọi nơi khác"),
}
