"""The tables of the worklists."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("event_no", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Reinspection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_code", models.CharField(max_length=10)),
                (
                    "communes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("closed", "closed"), ("clean", "clean")], max_length=10
                    ),
                ),
                ("frame", models.IntegerField()),
                ("seed", models.BigIntegerField()),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("-at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="SurveyRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_code", models.CharField(max_length=10)),
                (
                    "communes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                ("planned", models.IntegerField(default=0)),
                ("whole", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ("-starts", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gte", models.F("starts"))), name="survey_period"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("citizen_id", models.UUIDField(unique=True)),
                ("person_id", models.BigIntegerField(db_index=True)),
                ("unit_code", models.CharField(max_length=10)),
                ("with_unit", models.CharField(blank=True, default="", max_length=10)),
                (
                    "findings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "rules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("effect", models.FloatField(default=0.0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Mới"),
                            ("reviewing", "Đang xem xét"),
                            ("waiting_second", "Chờ người thứ hai"),
                            ("waiting_source", "Chờ nguồn sửa"),
                            ("referred", "Đã chuyển đơn vị khác"),
                            ("cannot_fix", "Không sửa được"),
                            ("not_an_error", "Không phải lỗi"),
                            ("fixed", "Đã sửa xong"),
                        ],
                        default="new",
                        max_length=20,
                    ),
                ),
                ("version", models.IntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("review_due", models.DateField()),
                ("fix_due", models.DateField()),
                ("house_visit", models.BooleanField(default=False)),
                ("assigned_to", models.CharField(blank=True, default="", max_length=60)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_by", models.CharField(default="", max_length=60)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit_code", "state", "-effect"], name="tasks_of_unit"),
                    models.Index(
                        condition=models.Q(("with_unit", ""), _negated=True),
                        fields=["with_unit"],
                        name="tasks_referred",
                    ),
                    models.Index(
                        condition=models.Q(("assigned_to", ""), _negated=True),
                        fields=["assigned_to"],
                        name="tasks_assigned",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "new",
                                    "reviewing",
                                    "waiting_second",
                                    "waiting_source",
                                    "referred",
                                    "cannot_fix",
                                    "not_an_error",
                                    "fixed",
                                ],
                            )
                        ),
                        name="task_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["fixed", "cannot_fix", "not_an_error"]),
                                _negated=True,
                            ),
                            ("closed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="task_closed_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("content", models.BinaryField()),
                ("size", models.IntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="worklists.task",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="TaskStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("action", models.CharField(max_length=20)),
                ("state_before", models.CharField(max_length=20)),
                ("state_after", models.CharField(max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.CharField(max_length=60)),
                ("reason", models.TextField(blank=True, default="")),
                ("detail", models.JSONField(default=dict)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="worklists.task",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="ReinspectionItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("unit_code", models.CharField(max_length=10)),
                ("place", models.IntegerField()),
                ("wrong", models.BooleanField(null=True)),
                ("note", models.TextField(blank=True, default="")),
                ("by", models.CharField(blank=True, default="", max_length=60)),
                ("at", models.DateTimeField(null=True)),
                (
                    "reinspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="worklists.reinspection",
                    ),
                ),
            ],
            options={
                "ordering": ("place",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reinspection", "citizen_id"), name="inspected_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("citizen_id", models.UUIDField()),
                ("unit_code", models.CharField(max_length=10)),
                ("result", models.CharField(blank=True, default="", max_length=20)),
                ("note", models.TextField(blank=True, default="")),
                ("by", models.CharField(blank=True, default="", max_length=60)),
                ("at", models.DateTimeField(null=True)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="worklists.surveyround",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "citizen_id"), name="visited_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Fix",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.UUIDField(unique=True)),
                ("values", models.JSONField()),
                ("name_before", models.TextField(blank=True, default="")),
                ("note", models.TextField()),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("second_by", models.CharField(blank=True, default="", max_length=60)),
                ("second_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("applied", "applied"),
                            ("declined", "declined"),
                            ("undone", "undone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("record_id", models.BigIntegerField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("closed", models.IntegerField(default=0)),
                ("score_before", models.FloatField(null=True)),
                ("score_after", models.FloatField(null=True)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fixes",
                        to="worklists.task",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("second_by", models.F("by")), _negated=True),
                        name="fix_by_two_people",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("task",),
                        name="one_fix_waits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("unit_code", models.CharField(max_length=10)),
                ("citizen_id", models.UUIDField()),
                ("source", models.CharField(max_length=60)),
                ("record_id", models.BigIntegerField()),
                ("file_name", models.TextField()),
                ("sheet", models.TextField(blank=True, default="")),
                ("row", models.BigIntegerField()),
                ("field", models.CharField(max_length=60)),
                ("value", models.TextField(blank=True, default="")),
                ("proposed", models.TextField()),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "sent"),
                            ("received", "received"),
                            ("confirmed", "confirmed"),
                            ("refused", "refused"),
                        ],
                        default="sent",
                        max_length=10,
                    ),
                ),
                ("by", models.CharField(max_length=60)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_by", models.CharField(blank=True, default="", max_length=60)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, default="")),
                ("confirmed_by_record", models.BigIntegerField(null=True)),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="worklists.task",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["source", "state"], name="requests_of_source")],
            },
        ),
    ]
