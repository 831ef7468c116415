from django.urls import path

from .views import public

# /pilots/
urlpatterns = [
    path("", public.pilot_list, name="pilot_list"),
    path("<slug:slug>/", public.pilot_detail, name="pilot_detail"),
]
