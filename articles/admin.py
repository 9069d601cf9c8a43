"""The editor's desk: sources and the watch list are changed here, articles and polls are looked at.

A change to the watch list tells the workers that theirs is old.
"""

import itertools
import json
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, URLField
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from articles import (
    models,
    notices,
    retagging_jobs,
    retagging_reads,
    source_forms,
    sources,
    watchlist_forms,
    watchlist_store,
)
from articles.views import page_rules, retagging, watchlist_imports
from newswatch.accounts import reader

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
    """Saving or deleting anything here makes the workers load the watch list anew, and tags earlier articles again."""

    def subjects(self, obj: Any) -> list[models.Company | models.Theme]:
        """The stored companies or themes that a row belongs to."""
        return list(type(obj).objects.filter(pk=obj.pk))

    def values(self, obj: Any) -> list[tuple[models.Company | models.Theme, Any]]:
        """The same with what recognition is told of them."""
        return [(row, watchlist_store.value_of(row)) for row in self.subjects(obj)]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.values_before = self.values(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:  # type: ignore[type-arg]
        before = form.values_before  # type: ignore[attr-defined]
        super().save_related(request, form, formsets, change)
        watchlist_store.touch()
        self.tag_again(request, before, self.values(form.instance))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        before = self.values(obj)
        super().delete_model(request, obj)
        watchlist_store.touch()
        self.tag_again(request, before, [(row, watchlist_store.value_of(row)) for row, _ in before])

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        before = [pair for row in queryset for pair in self.values(row)]
        super().delete_queryset(request, queryset)
        watchlist_store.touch()
        self.tag_again(request, before, [(row, watchlist_store.value_of(row)) for row, _ in before])

    def tag_again(
        self,
        request: HttpRequest,
        before: list[tuple[models.Company | models.Theme, Any]],
        after: list[tuple[models.Company | models.Theme, Any]],
    ) -> None:
        """Have earlier articles tagged again where that matters; of the last 30 days unless the form says otherwise."""
        was, is_now = ({(type(row), row.pk): value for row, value in pairs} for pairs in (before, after))
        pairs = [(was.get(key), is_now.get(key)) for key in dict.fromkeys([*was, *is_now])]
        edits = [edit for edit in itertools.starmap(watchlist_forms.edit, pairs) if edit]
        period = request.POST.get("_retag", "30")
        if not edits or period not in watchlist_forms.PERIODS:
            return
        rows = [row for row, _ in after or before]
        stored = [row for row in rows if type(row).objects.filter(pk=row.pk).exists()]
        job = retagging_jobs.retag(
            edits,
            of=stored[0] if len(rows) == len(stored) == 1 else None,
            subject=", ".join(dict.fromkeys(str(row) for row in rows)),
            days=watchlist_forms.PERIODS[period],
            by=reader.of(request),
            now=timezone.now(),
        )
        place = reverse("admin:articles_retagging_change", args=[job.pk])
        link = format_html('<a class="underline" href="{}">{}</a>', place, _("See how far it is"))
        self.message_user(request, format_html("{} {}", _("Earlier articles are tagged again."), link))


class PreviewedAdmin(WatchlistAdmin):
    """Its form says what it would change before it is saved."""

    change_form_template = "admin/articles/watchlist_form.html"
    actions = ("switch_on", "switch_off")

    def value_after(self, form: Any, formsets: Any) -> Any:
        """What valid forms would make."""
        raise NotImplementedError

    def bound_forms(self, request: HttpRequest, obj: Any) -> tuple[Any, list[Any]]:
        """The panel's own forms with what was sent; nothing is saved."""
        change = obj is not None
        form = self.get_form(request, obj, change=change)(request.POST, instance=obj)
        # Before it is asked whether it is valid, which changes the object.
        formsets, _inlines = self._create_formsets(request, obj if change else form.instance, change)
        return form, formsets

    def get_urls(self) -> list[URLPattern]:
        name = f"articles_{self.opts.model_name}"
        own = [
            path("what-if/", self.admin_site.admin_view(self.what_if), name=f"{name}_what_if_new"),
            path("<int:pk>/what-if/", self.admin_site.admin_view(self.what_if), name=f"{name}_what_if"),
        ]
        return [*own, *super().get_urls()]

    def what_if(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """What the form as it stands would change."""
        may = self.has_add_permission(request) if pk is None else self.has_change_permission(request)
        if not may:
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return retagging.preview(request, self, pk)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = context.get("original")
        name = f"admin:articles_{self.opts.model_name}_what_if"
        place = reverse(name, args=[obj.pk]) if obj else reverse(f"{name}_new")
        context |= {
            "what_if": place,
            "periods": watchlist_forms.PERIOD_NAMES,
            "job": retagging_reads.latest(obj) if obj else None,
        }
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    @admin.action(description=_("Recognise"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        self._switch(request, queryset.filter(enabled=False), enabled=True)

    @admin.action(description=_("Recognise no more"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        self._switch(request, queryset.filter(enabled=True), enabled=False)

    def _switch(self, request: HttpRequest, found: "QuerySet[Any]", *, enabled: bool) -> None:
        with transaction.atomic():
            rows = list(self.model.objects.filter(pk__in=found.order_by().values("pk")).select_for_update())
            before = [pair for row in rows for pair in self.values(row)]
            self.model.objects.filter(pk__in=[row.pk for row in rows]).update(enabled=enabled)
            watchlist_store.touch()
            self.tag_again(request, before, [pair for row in rows for pair in self.values(row)])
        done = ngettext("%d is changed.", "%d are changed.", len(rows)) % len(rows)
        self.message_user(request, done, messages.SUCCESS if rows else messages.WARNING)


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
    form = watchlist_forms.AliasForm
    fields = ("text", "kind", "ambiguous", "common")
    extra = 0
    tab = True


class DoubtFilter(admin.SimpleListFilter):
    """Companies with a form that is also something else."""

    title = _("ambiguous forms")
    parameter_name = "doubt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ambiguous", _("some")), ("common", _("some are common words")), ("none", _("none"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        doubtful = models.Alias.objects.filter(company=OuterRef("pk"), ambiguous=True)
        match self.value():
            case "ambiguous":
                return queryset.filter(Exists(doubtful))
            case "common":
                return queryset.filter(
                    Exists(models.Alias.objects.filter(company=OuterRef("pk"), common=True))
                )
            case "none":
                return queryset.exclude(Exists(doubtful))
            case _:
                return queryset


class GroupFilter(admin.SimpleListFilter):
    """Companies of a group, or of none."""

    title = _("belongs to")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        groups = models.Company.objects.filter(affiliates__isnull=False).distinct().order_by("name")
        return [("none", _("nobody")), *((str(pk), name) for pk, name in groups.values_list("pk", "name"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        value = self.value()
        if value == "none":
            return queryset.filter(parent=None)
        return (
            queryset.filter(parent=int(value))
            if value and value.isdecimal() and len(value) < 19
            else queryset
        )


@admin.register(models.Company)
class CompanyAdmin(PreviewedAdmin):
    form = watchlist_forms.CompanyForm
    list_display = (
        "name",
        "kind",
        "ticker",
        "market",
        "parent",
        "affiliate_count",
        "alias_count",
        "doubtful",
        "sport",
        "enabled",
    )
    list_filter = ("enabled", "kind", DoubtFilter, "sport", "market", "country", GroupFilter)
    list_select_related = ("parent",)
    search_fields = ("name", "ticker", "aliases__text", "parent__name")
    autocomplete_fields = ("parent",)
    readonly_fields = ("affiliates",)
    inlines = (AliasInline,)
    fieldsets = (
        (None, {"fields": ("name", "kind", "enabled", "sport")}),
        (_("Facts"), {"fields": ("ticker", "market", "country", "sector", "parent", "affiliates")}),
    )

    def value_after(self, form: Any, formsets: Any) -> Any:
        return watchlist_forms.company_after(form, formsets)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[models.Company]":
        found: QuerySet[models.Company] = super().get_queryset(request)
        own = models.Alias.objects.filter(company=OuterRef("pk")).order_by().values("company")
        affiliates = models.Company.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
        return found.annotate(
            alias_number=Subquery(own.annotate(n=Count("pk")).values("n")),
            affiliate_number=Subquery(affiliates.annotate(n=Count("pk")).values("n")),
            doubts=ArraySubquery(
                models.Alias.objects.filter(company=OuterRef("pk"), ambiguous=True)
                .order_by("pk")
                .values_list("text", flat=True)
            ),
        )

    @display(description=_("aliases"), ordering="alias_number")  # type: ignore[untyped-decorator]
    def alias_count(self, company: Any) -> int:
        return company.alias_number or 0

    @display(description=_("affiliated"), ordering="affiliate_number")  # type: ignore[untyped-decorator]
    def affiliate_count(self, company: Any) -> str:
        if not company.affiliate_number:
            return ""
        place = reverse("admin:articles_company_changelist")
        return format_html('<a href="{}?group={}">{}</a>', place, company.pk, company.affiliate_number)

    @display(description=_("ambiguous"))  # type: ignore[untyped-decorator]
    def doubtful(self, company: Any) -> str:
        return ", ".join(company.doubts[:5]) + (" …" if len(company.doubts) > 5 else "")

    @display(description=_("affiliated companies"))  # type: ignore[untyped-decorator]
    def affiliates(self, company: models.Company) -> str:
        rows = company.affiliates.order_by("name") if company.pk else []
        links = format_html_join(
            ", ",
            '<a class="underline" href="{}">{}</a>',
            ((reverse("admin:articles_company_change", args=[row.pk]), row.name) for row in rows),
        )
        return links or "–"


@admin.register(models.Alias)
class AliasAdmin(WatchlistAdmin):
    form = watchlist_forms.AliasForm
    list_display = ("text", "company", "kind", "ambiguous", "common")
    list_filter = ("kind", "ambiguous", "common")
    list_select_related = ("company",)
    search_fields = ("text", "company__name", "company__ticker")
    autocomplete_fields = ("company",)

    def subjects(self, obj: Any) -> list[models.Company | models.Theme]:
        """The company it belongs to, and the one it belonged to."""
        before = models.Alias.objects.filter(pk=obj.pk).values("company")
        return list(models.Company.objects.filter(Q(pk=obj.company_id) | Q(pk__in=before)))


class ThemeTermInline(TabularInline):  # type: ignore[misc]
    model = models.ThemeTerm
    form = watchlist_forms.TermForm
    fields = ("text", "weight", "exclude", "subtheme")
    extra = 0
    tab = True
    ordering = ("exclude", "-weight", "text")


@admin.register(models.Theme)
class ThemeAdmin(PreviewedAdmin):
    list_display = ("name", "threshold", "position", "enabled")
    search_fields = ("name", "terms__text")
    autocomplete_fields = ("companies",)
    inlines = (ThemeTermInline,)

    def value_after(self, form: Any, formsets: Any) -> Any:
        return watchlist_forms.theme_after(form, formsets)


@admin.register(models.Retagging)
class RetaggingAdmin(ReadOnlyAdmin):
    """What was tagged again, and how far it is."""

    change_form_template = "admin/articles/retagging.html"
    list_display = ("subject", "started_at", "started_by", "done", "total", "changed", "added", "removed")
    list_select_related = ("started_by",)
    list_filter = (("finished_at", admin.EmptyFieldListFilter),)
    search_fields = ("subject",)
    fields = ("subject", "started_at", "started_by")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[models.Retagging]":
        found: QuerySet[models.Retagging] = super().get_queryset(request)
        return found.filter(is_preview=False).defer("edits")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:pk>/progress/",
                self.admin_site.admin_view(retagging.progress),
                name="articles_retagging_progress",
            ),
            path(
                "again/<str:kind>/<int:pk>/",
                self.admin_site.admin_view(retagging.again),
                name="articles_retagging_again",
            ),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"job": context.get("original")}
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response


@admin.register(models.WatchlistImport)
class WatchlistImportAdmin(ReadOnlyAdmin):
    """Files that were taken in; the pages to take in another."""

    list_display = ("file_name", "made_at", "made_by", "applied_at", "undone_at")
    list_select_related = ("made_by",)
    fields = ("file_name", "made_at", "made_by", "applied_at", "undone_at")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[models.WatchlistImport]":
        found: QuerySet[models.WatchlistImport] = super().get_queryset(request)
        return found.filter(applied_at__isnull=False).defer("text", "changes")

    def get_urls(self) -> list[URLPattern]:
        views = {
            "upload/": ("upload", watchlist_imports.upload),
            "<int:pk>/look/": ("look", watchlist_imports.look),
            "<int:pk>/what-if/": ("what_if", watchlist_imports.what_if),
            "<int:pk>/apply/": ("apply", watchlist_imports.apply),
            "<int:pk>/undo/": ("undo", watchlist_imports.undo),
            "download/<str:kind>/": ("download", watchlist_imports.download),
        }
        own = [
            path(place, self.admin_site.admin_view(view), name=f"articles_watchlistimport_{name}")
            for place, (name, view) in views.items()
        ]
        return [*own, *super().get_urls()]


@admin.register(models.Article)
class ArticleAdmin(ReadOnlyAdmin):
    list_display = ("title", "outlet", "published_at", "stage", "text_from", "version", "is_sample")
    list_filter = ("stage", "text_from", "language", "is_sample", "outlet")
    list_select_related = ("outlet",)
    search_fields = ("title", "url")
    ordering = ("-pk",)
    show_full_result_count = False
    readonly_fields = ("identity", "page_error", "recognised_by", "regions")

    @display(description=_("the page's parts"))  # type: ignore[untyped-decorator]
    def regions(self, article: models.Article) -> str:
        page = models.Page.objects.filter(article=article).only("regions").first()
        return (
            format_html("<pre>{}</pre>", json.dumps(page.regions, ensure_ascii=False, indent=1))
            if page
            else "–"
        )


@admin.register(models.SavedSearch)
class SavedSearchAdmin(ReadOnlyAdmin):
    """What readers keep; a feed's secret is its owner's alone."""

    list_display = ("name", "owner", "query", "created_at", "has_feed")
    list_select_related = ("owner",)
    search_fields = ("name", "query", "owner__username")
    fields = ("name", "owner", "query", "created_at", "has_feed")
    ordering = ("-pk",)

    @display(description=_("has a feed"), boolean=True)  # type: ignore[untyped-decorator]
    def has_feed(self, search: models.SavedSearch) -> bool:
        return bool(search.feed_secret)
