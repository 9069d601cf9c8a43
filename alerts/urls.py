"""Pages about alerts."""

from django.urls import path

from alerts import link_views, views

app_name = "alerts"
urlpatterns = [
    path("", views.alerts, name="list"),
    path("new/", views.new, name="new"),
    path("preview", views.preview, name="preview"),
    path("by-mail/<str:token>/", link_views.by_mail_link, name="by-mail"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/switch/", views.switch, name="switch"),
    path("<int:pk>/delete/", views.delete, name="delete"),
]
