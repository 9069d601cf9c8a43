"""The people who use Newswatch: analysts, editors and administrators."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who logs in. Editors are staff in the group `editors`; administrators are superusers."""

    class Language(models.TextChoices):
        KOREAN = "ko", "한국어"
        ENGLISH = "en", "English"

    class Appearance(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    email = models.EmailField(_("e-mail address"), unique=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.KOREAN)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Seoul")
    appearance = models.CharField(_("appearance"), max_length=5, choices=Appearance, default=Appearance.AUTO)
    gets_notices = models.BooleanField(
        _("mails about the sources"),
        default=True,
        help_text=_("A daily mail to editors and administrators when a source fails or falls silent."),
    )
    density = models.CharField(
        _("density"),
        max_length=11,
        choices=Density,
        default=Density.COMFORTABLE,
        db_default=Density.COMFORTABLE,
    )
    # The hour of her day for digests of alerts that she makes from now on.
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of digests"), default=8, db_default=8, validators=[MaxValueValidator(23)]
    )
    # When she opened the first page of the day last, and the time before that.
    looked_at = models.DateTimeField(null=True, blank=True, editable=False)
    looked_before = models.DateTimeField(null=True, blank=True, editable=False)
    # Keys that do something by themselves get in the way of whoever speaks to the computer.
    uses_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
