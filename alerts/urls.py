"""Pages about alerts."""

from django.urls import path

from alerts import link_views, reader_views, views

app_name = "alerts"
urlpatterns = [
    path("", views.alerts, name="list"),
    path("new/", views.new, name="new"),
    path("preview", views.preview, name="preview"),
    path("summary", views.summary, name="summary"),
    path("by-mail/<str:token>/", link_views.by_mail_link, name="by-mail"),
    path("confirm/<str:token>/", reader_views.confirm, name="confirm"),
    path("resume-address/", reader_views.resume_address, name="resume-address"),
    path("<int:pk>/readers/", reader_views.readers, name="readers"),
    path("<int:pk>/readers/add/", reader_views.add_recipient, name="add-recipient"),
    path("<int:pk>/readers/<int:recipient>/ask/", reader_views.ask_again, name="ask-again"),
    path("<int:pk>/readers/<int:recipient>/resume/", reader_views.resume_recipient, name="resume-recipient"),
    path("<int:pk>/readers/<int:recipient>/remove/", reader_views.remove_recipient, name="remove-recipient"),
    path("<int:pk>/webhooks/add/", reader_views.add_webhook, name="add-webhook"),
    path("<int:pk>/webhooks/<int:webhook>/", reader_views.change_webhook, name="change-webhook"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/switch/", views.switch, name="switch"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("<int:pk>/restore/", views.restore, name="restore"),
    path("<int:pk>/duplicate/", views.duplicate, name="duplicate"),
    path("<int:pk>/mails/", views.mails, name="mails"),
    path("<int:pk>/mails/<int:delivery>/resend/", views.resend, name="resend"),
    path("<int:pk>/hits/<int:hit>/mail/", views.tell_now, name="tell-now"),
]
