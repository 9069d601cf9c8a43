"""The roles: an analyst reads and sets alerts, an editor keeps the watch list, the sources and the stories, an
administrator all.

An analyst is anybody who logs in; an administrator is a superuser; an editor is staff in the group `editors`.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

EDITORS = "editors"
KEPT = ("outlet", "source", "company", "alias", "theme", "themeterm")
# Made by the articles themselves; editors part and join them.
CHANGED = ("story",)
# What could not be matched with the alerts: whoever keeps articles may have it tried again.
OF_ALERTS = ("view_matchsetback", "change_matchsetback")
SEEN = (*KEPT, *CHANGED, "article", "poll", "appearance", "notice", "retagging", "watchlistimport")


@transaction.atomic
def ensure_roles() -> None:
    """Make the group `editors` with its permissions; safe to run again, and to add permissions of new tables."""
    group, _ = Group.objects.get_or_create(name=EDITORS)
    codes = [f"{verb}_{table}" for table in KEPT for verb in ("add", "change", "delete")]
    codes += [f"change_{table}" for table in CHANGED]
    codes += [f"view_{table}" for table in SEEN]
    group.permissions.set(
        Permission.objects.filter(
            Q(content_type__app_label="articles", codename__in=codes)
            | Q(content_type__app_label="alerts", codename__in=OF_ALERTS)
        )
    )
