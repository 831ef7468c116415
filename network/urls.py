from django.urls import path

from .models import Body
from .views import public

# /netwerk/
network = [
    path("", public.organisation_list, name="organisation_list"),
    path("hogescholen/", public.organisation_list, {"section": "hogescholen"}, name="hogeschool_list"),
    path("branches/", public.organisation_list, {"section": "branches"}, name="branche_list"),
    path("<slug:slug>/", public.organisation_detail, name="organisation_detail"),
]

# /over/
about = [
    path("team/", public.body_detail, {"body": Body.TEAM}, name="team"),
    path("raad-van-advies/", public.body_detail, {"body": Body.BOARD}, name="board"),
    path("mensen/<slug:slug>/", public.person_detail, name="person_detail"),
]
