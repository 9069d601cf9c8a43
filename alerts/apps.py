from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        from alerts import saved_users  # noqa: PLC0415 - models are there only now
        from articles import saved_searches  # noqa: PLC0415

        saved_searches.USERS.append(saved_users)
