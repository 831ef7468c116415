from django.urls import path

from .views import public
from .views.partner import invitations, members
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

# /partner/pilots/<slug>/mensen/
portal_members = [
    path("", members.portal_members, name="portal_members"),
    path("uitnodigen/", members.portal_invite, name="portal_invite"),
    path("uitnodigingen/<int:pk>/", members.portal_invitation, name="portal_invitation"),
    path("stoppen/", members.portal_leave, name="portal_leave"),
    path("<int:pk>/", members.portal_member, name="portal_member"),
]

# /partner/uitnodiging/<token>/
invitation = [
    path("", invitations.invitation, name="invitation"),
]
