"""The demo's three log-ins. Their passwords are public, so they exist in the demo only."""

from dataclasses import dataclass

from django.contrib.auth.models import Group

from newswatch.accounts import models, roles


@dataclass(frozen=True, slots=True)
class Person:
    """A demo log-in; the password is the user name twice over, with a hyphen."""

    username: str
    first_name: str
    role: str

    @property
    def password(self) -> str:
        return f"{self.username}-{self.username}"


PEOPLE = (
    Person("analyst", "Analyst", "analyst"),
    Person("editor", "Editor", "editor"),
    Person("admin", "Administrator", "admin"),
)


def ensure_people() -> None:
    """Make the demo's people that are not there yet."""
    for person in PEOPLE:
        user, created = models.User.objects.get_or_create(
            username=person.username,
            defaults={
                "first_name": person.first_name,
                "email": f"{person.username}@demo.example",
                "is_staff": person.role in ("editor", "admin"),
                "is_superuser": person.role == "admin",
            },
        )
        if created:
            user.set_password(person.password)
            user.save(update_fields=["password"])
        if person.role == "editor":
            user.groups.add(Group.objects.get(name=roles.EDITORS))
