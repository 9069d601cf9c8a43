"""What a reader does not want to hear of any more."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class StoryMute(models.Model):
    """A story of which a person, or the reader at an address, gets no more mails, whichever alert it matches."""

    story = models.ForeignKey("articles.Story", models.CASCADE, related_name="mutes")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="story_mutes"
    )
    address = models.ForeignKey(
        "alerts.Address", models.CASCADE, null=True, blank=True, related_name="story_mutes"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["story", "person"], name="story_muted_once_by_a_person"),
            models.UniqueConstraint(fields=["story", "address"], name="story_muted_once_by_an_address"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, address__isnull=True)
                | Q(person__isnull=True, address__isnull=False),
                name="story_muted_by_one_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.address_id}: {self.story_id}"
