"""What the pages of a company and of a theme share: chart, list and companions, of which some come after the page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from articles import filters, profile_reads, volume
from articles.views import timeline


@dataclass(frozen=True, slots=True)
class Late:
    """The list of a company or theme, and who is named with it: not of the page itself, which is quick without them.

    htmx asks for them by their targets' names. Readers without scripts, and who is further back in the list, have the
    page with all of it.
    """

    request: HttpRequest
    wanted: filters.Filters
    name: str
    companions: Callable[[], profile_reads.Companions]

    @property
    def is_whole(self) -> bool:
        """Whether the page is to be had with all its parts."""
        return "whole" in self.request.GET or "before" in self.request.GET

    def part(self) -> HttpResponse | None:
        """The part that htmx asks for, or more rows of the list; None if it is the page that is asked for."""
        is_part = self.request.headers.get("HX-Request") == "true"
        target = self.request.headers.get("HX-Target", "") if is_part else ""
        if target == "named":
            context = {"name": self.name, "companions": self.companions()}
            return timeline.render_part(self.request, "articles/_companions.html", context)
        if target == "stream":
            return timeline.render_part(self.request, "articles/_profile_list.html", {"stream": self._list()})
        if self.is_whole and timeline.wants_fragment(self.request):
            stream = self._list()
            return None if stream.first_page else timeline.render_fragment(self.request, stream)
        return None

    def context(self) -> dict[str, object]:
        """What the page shows of these."""
        return {
            "filters": self.wanted,
            "stream": self._list() if self.is_whole else timeline.empty_stream(self.wanted, own=True),
            "is_whole": self.is_whole,
            "companions": self.companions() if self.is_whole else None,
            "volume": timeline.chart_of(self.wanted, volume.View()),
            "alert_parameters": timeline.alert_parameters(self.wanted),
        }

    def _list(self) -> timeline.Stream:
        return timeline.load_stream(self.request, self.wanted, own=True)
