from django.urls import path

from .views import public
from .views.partner import pilots as portal_pilots

# /pilots/
public_pilots = [
    path("", public.pilot_list, name="pilot_list"),
    path("<slug:slug>/", public.pilot_detail, name="pilot_detail"),
]

# /partner/pilots/<slug>/
portal_pilot = [
    path("", portal_pilots.portal_pilot, name="portal_pilot"),
]
