from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "newswatch.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        # The catalogue can be read only now.
        from newswatch import particles, timestamps  # noqa: PLC0415

        particles.teach()
        timestamps.use()
