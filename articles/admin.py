"""The editor's desk: sources and the watch list are changed here, articles and polls are looked at.

A change to the watch list tells the workers that theirs is old.
"""

import json
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, QuerySet, URLField
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from articles import models, notices, source_forms, sources, watchlist_store
from articles.views import page_rules

# Words of the panel's own templates, which come without a Korean catalogue.
PANEL_WORDS = (
    gettext_noop("General"),
    gettext_noop("Type to search"),
    gettext_noop("Search apps and models..."),
    gettext_noop("Run"),
    gettext_noop("Action"),
    gettext_noop("Apply Filters"),
    gettext_noop("Reset filters"),
    gettext_noop("Select all rows"),
    gettext_noop("No results found"),
    gettext_noop("No results matching your query"),
    gettext_noop("This page yielded into no results. Create a new item or reset your filters."),
    gettext_noop("More actions"),
    gettext_noop("Return to site"),
    gettext_noop("View site"),
    gettext_noop("Choose file to upload"),
    gettext_noop("Expand row"),
    gettext_noop("No data"),
    gettext_noop("Unknown"),
)


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]
    """Rows that the pipeline writes: to be looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WatchlistAdmin(ModelAdmin):  # type: ignore[misc]
    """Saving or deleting anything here makes the workers load the watch list anew."""

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:  # type: ignore[type-arg]
        super().save_related(request, form, formsets, change)
        watchlist_store.touch()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        watchlist_store.touch()

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        super().delete_queryset(request, queryset)
        watchlist_store.touch()


@admin.register(models.Outlet)
class OutletAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "language", "homepage", "rules", "is_sample")
    list_filter = ("language", "is_sample")
    search_fields = ("name", "homepage")
    actions_detail = ("open_page_rules",)
    # What Django 6 does by itself.
    formfield_overrides: ClassVar = {URLField: {"assume_scheme": "https"}}

    def get_urls(self) -> list[URLPattern]:
        """The editor of the page rules stands beside the panel's own pages about an outlet."""
        pages = {
            "page-rules/": ("page_rules", page_rules.edit),
            "page-rules/preview/": ("page_rules_preview", page_rules.preview),
            "page-rules/pages/": ("page_rules_pages", page_rules.pages),
            "page-rules/reread/": ("page_rules_reread", page_rules.reread),
        }
        own = [
            path(f"<int:pk>/{place}", self.admin_site.admin_view(view), name=f"articles_outlet_{name}")
            for place, (name, view) in pages.items()
        ]
        return [*own, *super().get_urls()]

    @display(description=_("page rules"))  # type: ignore[untyped-decorator]
    def rules(self, outlet: models.Outlet) -> str:
        address = reverse("admin:articles_outlet_page_rules", args=[outlet.pk])
        return format_html('<a href="{}">{}</a>', address, _("Edit"))

    @action(description=_("Page rules"), url_path="open-page-rules", permissions=["change"])  # type: ignore[untyped-decorator]
    def open_page_rules(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A button on the outlet's own page."""
        return redirect("admin:articles_outlet_page_rules", pk=object_id)


class FailingFilter(admin.SimpleListFilter):
    """Sources whose last poll failed, or did not."""

    title = _("last poll")
    parameter_name = "failing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("failed")), ("no", _("went well"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        match self.value():
            case "yes":
                return queryset.filter(failures__gt=0)
            case "no":
                return queryset.filter(failures=0, last_success_at__isnull=False)
            case _:
                return queryset


@admin.register(models.Source)
class SourceAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = (
        "title",
        "outlet",
        "group",
        "state",
        "last_success_at",
        "failures",
        "next_poll_at",
    )
    list_filter = ("enabled", "group", FailingFilter, "kind", "fetch_pages", "language", "is_sample")
    list_select_related = ("outlet",)
    search_fields = ("title", "url", "outlet__name")
    autocomplete_fields = ("outlet",)
    actions = (
        "poll_now",
        "change_together",
        "switch_on",
        "switch_off",
        "switch_groups_on",
        "switch_groups_off",
    )
    readonly_fields = (
        "next_poll_at",
        "last_polled_at",
        "last_success_at",
        "failures",
        "last_error",
        "off_because",
        "moved_from",
        "push_until",
        "wall_clock_as_utc",
    )
    fieldsets = (
        (None, {"fields": ("outlet", "title", "url", "group", "enabled")}),
        (
            _("How it is read"),
            {
                "fields": (
                    "kind",
                    "selector",
                    "language",
                    "time_zone",
                    "fetch_pages",
                    "poll_interval",
                    "is_sample",
                )
            },
        ),
        (_("How it goes"), {"fields": readonly_fields}),
    )

    @display(  # type: ignore[untyped-decorator]
        description=_("state"),
        ordering="enabled",
        label={"on": "success", "failing": "danger", "off": "default"},
    )
    def state(self, source: models.Source) -> tuple[str, Any]:
        if not source.enabled:
            return "off", _("off")
        if source.failures:
            return "failing", _("failing")
        return "on", _("on")

    def save_model(self, request: HttpRequest, obj: models.Source, form: Any, change: bool) -> None:
        """A source that is switched on, or whose address changed, is due at once."""
        if obj.enabled and (
            obj.next_poll_at is None or "url" in form.changed_data or "enabled" in form.changed_data
        ):
            obj.next_poll_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Poll now"), permissions=["change"])
    def poll_now(self, request: HttpRequest, queryset: "QuerySet[models.Source]") -> None:
        due = queryset.filter(enabled=True).update(next_poll_at=timezone.now())
        self._say(
            request,
            ngettext("%d source is polled in a moment.", "%d sources are polled in a moment.", due),
            due,
        )

    @admin.action(description=_("Change together …"), permissions=["change"])
    def change_together(
        self, request: HttpRequest, queryset: "QuerySet[models.Source]"
    ) -> HttpResponse | None:
        """Ask what to set on the chosen sources, then set it."""
        form = source_forms.BulkForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            changed = sources.change_many(queryset, form.changes(), now=timezone.now())
            self._say(request, ngettext("%d source is changed.", "%d sources are changed.", changed), changed)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change sources together"),
            "opts": self.opts,
            "form": form,
            "chosen": queryset,
            "groups": models.Source.objects.exclude(group="").values_list("group", flat=True).distinct(),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return render(request, "sources/change_together.html", context)

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: "QuerySet[models.Source]") -> None:
        self._switch_on(request, models.Source.objects.filter(pk__in=queryset.values("pk")))

    @admin.action(description=_("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: "QuerySet[models.Source]") -> None:
        self._switch_off(request, models.Source.objects.filter(pk__in=queryset.values("pk")))

    @admin.action(description=_("Switch on with all of their groups"), permissions=["change"])
    def switch_groups_on(self, request: HttpRequest, queryset: "QuerySet[models.Source]") -> None:
        self._switch_on(request, self._groups(queryset))

    @admin.action(description=_("Switch off with all of their groups"), permissions=["change"])
    def switch_groups_off(self, request: HttpRequest, queryset: "QuerySet[models.Source]") -> None:
        self._switch_off(request, self._groups(queryset))

    def _groups(self, queryset: "QuerySet[models.Source]") -> "QuerySet[models.Source]":
        return models.Source.objects.filter(
            group__in=list(queryset.values_list("group", flat=True).distinct())
        )

    def _switch_on(self, request: HttpRequest, found: "QuerySet[models.Source]") -> None:
        on = sources.change_many(found.filter(enabled=False), {"enabled": True}, now=timezone.now())
        self._say(request, ngettext("%d source is switched on.", "%d sources are switched on.", on), on)

    def _switch_off(self, request: HttpRequest, found: "QuerySet[models.Source]") -> None:
        off = found.filter(enabled=True).update(enabled=False)
        self._say(request, ngettext("%d source is switched off.", "%d sources are switched off.", off), off)

    def _say(self, request: HttpRequest, text: str, number: int) -> None:
        self.message_user(request, text % number, messages.SUCCESS if number else messages.WARNING)


@admin.register(models.Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    list_display = ("source", "hub", "state", "lease_until", "last_push_at", "pushes", "error")
    list_filter = ("state",)
    list_select_related = ("source__outlet",)
    search_fields = ("source__title", "source__outlet__name", "hub", "topic")
    # The secret signs what the hub sends, and who knows the token can call.
    exclude = ("secret", "token")


@admin.register(models.Poll)
class PollAdmin(ReadOnlyAdmin):
    list_display = ("at", "source", "outcome", "status", "entries", "new", "updated", "elapsed_ms", "detail")
    list_filter = ("outcome", "source__group")
    list_select_related = ("source__outlet",)
    search_fields = ("source__title", "source__outlet__name", "detail")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(models.Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("kind", "source", "since", "raised_at", "resolved_at", "told")
    list_filter = ("kind", ("resolved_at", admin.EmptyFieldListFilter))
    list_select_related = ("source__outlet",)
    search_fields = ("source__title", "source__outlet__name")
    ordering = ("-since",)

    @display(description=_("what it says"))  # type: ignore[untyped-decorator]
    def told(self, notice: models.Notice) -> str:
        return notices.sentence(notice)


@admin.register(models.Appearance)
class AppearanceAdmin(ReadOnlyAdmin):
    list_display = ("title", "source", "fate", "reason", "first_seen_at", "last_seen_at")
    list_filter = ("fate",)
    list_select_related = ("source__outlet",)
    search_fields = ("title", "url", "entry_id")
    ordering = ("-pk",)
    show_full_result_count = False


class AliasInline(TabularInline):  # type: ignore[misc]
    model = models.Alias
    fields = ("text", "kind", "ambiguous", "common")
    extra = 0
    tab = True


@admin.register(models.Company)
class CompanyAdmin(WatchlistAdmin):
    list_display = (
        "name",
        "kind",
        "ticker",
        "market",
        "country",
        "parent",
        "alias_count",
        "sport",
        "enabled",
    )
    list_filter = ("kind", "market", "country", "sport", "enabled")
    list_select_related = ("parent",)
    search_fields = ("name", "ticker", "aliases__text")
    autocomplete_fields = ("parent",)
    inlines = (AliasInline,)
    fieldsets = (
        (None, {"fields": ("name", "kind", "enabled", "sport")}),
        (_("Facts"), {"fields": ("ticker", "market", "country", "sector", "parent")}),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[models.Company]":
        found: QuerySet[models.Company] = super().get_queryset(request)
        return found.annotate(alias_count=Count("aliases"))

    @display(description=_("aliases"), ordering="alias_count")  # type: ignore[untyped-decorator]
    def alias_count(self, company: Any) -> int:
        return int(company.alias_count)


@admin.register(models.Alias)
class AliasAdmin(WatchlistAdmin):
    list_display = ("text", "company", "kind", "ambiguous", "common")
    list_filter = ("kind", "ambiguous", "common")
    list_select_related = ("company",)
    search_fields = ("text", "company__name")
    autocomplete_fields = ("company",)


class ThemeTermInline(TabularInline):  # type: ignore[misc]
    model = models.ThemeTerm
    fields = ("text", "weight", "exclude", "subtheme")
    extra = 0
    tab = True
    ordering = ("exclude", "-weight", "text")


@admin.register(models.Theme)
class ThemeAdmin(WatchlistAdmin):
    list_display = ("name", "threshold", "position", "enabled")
    search_fields = ("name", "terms__text")
    autocomplete_fields = ("companies",)
    inlines = (ThemeTermInline,)


@admin.register(models.Article)
class ArticleAdmin(ReadOnlyAdmin):
    list_display = ("title", "outlet", "published_at", "stage", "text_from", "version", "is_sample")
    list_filter = ("stage", "text_from", "language", "is_sample", "outlet")
    list_select_related = ("outlet",)
    search_fields = ("title", "url")
    ordering = ("-pk",)
    show_full_result_count = False
    exclude = ("search",)
    readonly_fields = ("identity", "page_error", "recognised_by", "regions")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[models.Article]":
        found: QuerySet[models.Article] = super().get_queryset(request)
        return found.defer("search")

    @display(description=_("the page's parts"))  # type: ignore[untyped-decorator]
    def regions(self, article: models.Article) -> str:
        page = models.Page.objects.filter(article=article).only("regions").first()
        return (
            format_html("<pre>{}</pre>", json.dumps(page.regions, ensure_ascii=False, indent=1))
            if page
            else "–"
        )
