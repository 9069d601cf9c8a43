"""What the editor of page rules shows."""

from django import template

from articles import regions

register = template.Library()
register.filter("kind_name", regions.name_of)
