"""What alerts did, for administrators: to be looked at, and a failed mail to be sent again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.decorators import display

from alerts import models, setbacks
from articles import problem_words


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("name", "owner", "query", "enabled", "active_since")
    list_filter = ("enabled",)
    list_select_related = ("owner",)
    search_fields = ("name", "query", "owner__username")


@admin.register(models.Address)
class AddressAdmin(ReadOnlyAdmin):
    list_display = ("address", "confirmed_at", "stopped_at", "stop", "stop_words")
    list_filter = ("stop",)
    search_fields = ("address",)


@admin.register(models.MatchSetback)
class MatchSetbackAdmin(ReadOnlyAdmin):
    list_display = ("title", "why", "tries", "at", "due_at")
    list_display_links = None
    list_select_related = ("article",)
    search_fields = ("article__title", "reason")
    ordering = ("-at",)
    actions = ("try_again",)

    @display(description=_("article"))  # type: ignore[untyped-decorator]
    def title(self, setback: models.MatchSetback) -> str:
        address = reverse("articles:article", args=[setback.article_id])
        return format_html('<a href="{}">{}</a>', address, setback.article.title or setback.article_id)

    @display(description=_("reason"), ordering="reason")  # type: ignore[untyped-decorator]
    def why(self, setback: models.MatchSetback) -> str:
        return problem_words.translated(setback.reason)

    def has_try_permission(self, request: HttpRequest) -> bool:
        """Whether this person may have articles matched again."""
        return request.user.has_perm("alerts.change_matchsetback")

    @admin.action(description=_("Try again now"), permissions=["try"])
    def try_again(self, request: HttpRequest, queryset: "QuerySet[models.MatchSetback]") -> None:
        again = setbacks.try_again(queryset, now=timezone.now())
        text = ngettext("%d article is tried again.", "%d articles are tried again.", again) % again
        self.message_user(request, text, messages.SUCCESS)


@admin.register(models.Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "recipient",
        "address",
        "webhook",
        "how",
        "attempts",
        "due_at",
        "sent_at",
        "error",
    )
    list_filter = ("state",)
    list_select_related = ("recipient", "address", "webhook")
    search_fields = ("alerts__name", "recipient__email", "address__address", "message_id")
    # Hits are many; their list would be one query each.
    exclude = ("hits", "alerts")
    actions = ("send_again",)

    @display(  # type: ignore[untyped-decorator]
        description=_("state"),
        ordering="state",
        label={"sent": "success", "failed": "danger", "waiting": "warning"},
    )
    def how(self, delivery: models.Delivery) -> tuple[str, str]:
        return delivery.state, delivery.get_state_display()

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Whether this person may have mails sent again; they are hers to send who may change them."""
        return request.user.has_perm("alerts.change_delivery")

    @admin.action(description=_("Try failed mails again"), permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: "QuerySet[models.Delivery]") -> None:
        again = queryset.filter(state=models.Delivery.State.FAILED).update(
            state=models.Delivery.State.WAITING, attempts=0, due_at=timezone.now()
        )
        text = ngettext("%d mail is tried again.", "%d mails are tried again.", again) % again
        self.message_user(request, text, messages.SUCCESS if again else messages.WARNING)
