"""Logging in and out."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path

app_name = "account"
urlpatterns = [
    path(
        "login/",
        login_not_required(views.LoginView.as_view(template_name="account/login.html")),
        name="login",
    ),
    path("logout/", views.LogoutView.as_view(), name="logout"),
]
