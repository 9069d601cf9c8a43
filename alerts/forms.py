"""The alert form: a name and a query that can be read."""

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alerts import models
from articles.search import query


class AlertForm(forms.ModelForm):  # type: ignore[type-arg]
    """`problem` is the query's error, if it has one, so that the page can point at the character."""

    query = forms.CharField(
        label=_("Query"),
        max_length=query.MOST_CHARACTERS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_(
            'Words that must all be there; OR, -not, "a phrase", (groups), company:LG화학, theme:Bio, title:배터리.'
        ),
    )

    class Meta:
        model = models.Alert
        fields = ("name", "query")
        help_texts: ClassVar = {"name": _("It stands in the mail’s subject.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problem: query.QueryError | None = None

    def clean_query(self) -> str:
        """The query in its canonical form."""
        text = str(self.cleaned_data["query"])
        try:
            return query.canonical(query.parse_query(text))
        except query.QueryError as error:
            self.problem = error
            raise forms.ValidationError(gettext("This query can’t be read."), code="query") from error


def instead(given: QueryDict) -> QueryDict:
    """What was sent, with the query that a button puts in place of the typed one."""
    if "instead" not in given:
        return given
    changed = given.copy()
    changed["query"] = str(given["instead"])
    return changed
