"""A table of scores, of which django-simple-history keeps every version."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings
from msgspec.json import decode

from bench.limit import Row

NAME: Final = "django-simple-history"
ON_SQLITE: Final = True
ON_POSTGRES: Final = False  # settings are made once in a process


class Peer:
    """Models on a database."""

    def __init__(self, target: str) -> None:
        settings.configure(
            INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "simple_history"],
            DATABASES={"default": _database(target)},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
        )
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 - only after setup
        from django.db import connection, models, transaction  # noqa: PLC0415 - only after setup
        from simple_history.models import HistoricalRecords  # noqa: PLC0415 - the same

        class Score(models.Model):  # type: ignore[misc]  # noqa: DJ008 - no types here; nobody prints one
            case_id = models.CharField(max_length=200, db_index=True)
            indicator = models.CharField(max_length=200)
            version = models.IntegerField()
            award = models.CharField(max_length=20)
            entry = models.BinaryField()
            history = HistoricalRecords()

            class Meta:
                app_label = "simple_history"
                unique_together = (("case_id", "indicator"),)

        call_command("migrate", verbosity=0)  # the history names users, so there must be some
        with connection.schema_editor() as editor:
            editor.create_model(Score)
            editor.create_model(Score.history.model)
        self.close = connection.close
        self._atomic = transaction.atomic
        self._scores: Any = Score.objects
        self._history: Any = Score.history

    def append(self, row: Row) -> None:
        """Change one score, in one transaction."""
        with self._atomic():
            self._change(row)

    def append_all(self, rows: Sequence[Row]) -> None:
        """Change scores one after the other in one transaction."""
        with self._atomic():
            for row in rows:
                self._change(row)

    def replay(self, case_id: str) -> dict[str, str]:
        """The last score of every indicator, from the history."""
        rows = self._history.filter(case_id=case_id).order_by("version")
        return {scored.indicator: scored.award for scored in rows}

    def _change(self, row: Row) -> None:
        case_id, version, _, entry = row
        data = decode(entry)["data"]
        self._scores.update_or_create(
            case_id=case_id,
            indicator=data["indicator"],
            defaults={"version": version, "award": data["award"], "entry": entry},
        )


def _database(target: str) -> dict[str, object]:
    if "://" not in target:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": target,
            "OPTIONS": {"init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"},
        }
    url = urlsplit(target)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path[1:],
        "HOST": url.hostname,
        "PORT": url.port,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
    }
