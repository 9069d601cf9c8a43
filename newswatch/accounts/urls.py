"""Logging in and out, and a person's own settings."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from newswatch.accounts import views

app_name = "account"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("settings/", views.own_settings, name="settings"),
    path("password/", views.PasswordView.as_view(), name="password"),
]
