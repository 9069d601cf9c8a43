"""Pages about mailing a briefing; they stand under the briefing's own address."""

from django.urls import path

from alerts import briefing_views

app_name = "mailing"
urlpatterns = [
    path("<int:pk>/mail/", briefing_views.mail, name="mail"),
    path("<int:pk>/mail/send/", briefing_views.send, name="send"),
    path("<int:pk>/mail/readers/", briefing_views.add, name="add-reader"),
    path("<int:pk>/mail/readers/<int:number>/", briefing_views.change, name="change-reader"),
]
