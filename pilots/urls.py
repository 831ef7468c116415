from django.urls import path

from .views import public, public_updates
from .views.partner import files, invitations, members, network, proposals, support, updates
from .views.partner import pilots as portal_pilots

# /pilots/
public_pilots = [
    path("", public.pilot_list, name="pilot_list"),
    path("<slug:slug>/", public.pilot_detail, name="pilot_detail"),
    path("<slug:slug>/berichten/", public_updates.pilot_updates, name="pilot_updates"),
    path("<slug:slug>/berichten/<int:pk>/", public_updates.pilot_update, name="pilot_update"),
    path("<slug:slug>/berichten/<int:pk>/<str:name>", public_updates.pilot_update_picture, name="pilot_update_picture"),
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

# /partner/pilots/<slug>/berichten/
portal_updates = [
    path("", updates.portal_updates, name="portal_updates"),
    path("nieuw/", updates.portal_update_new, name="portal_update_new"),
    path("<int:pk>/", updates.portal_update, name="portal_update"),
    path("<int:pk>/bewerken/", updates.portal_update_edit, name="portal_update_edit"),
    path("<int:pk>/insturen/", updates.portal_update_send, name="portal_update_send"),
    path("<int:pk>/intrekken/", updates.portal_update_withdraw, name="portal_update_withdraw"),
    path("<int:pk>/wijziging-weggooien/", updates.portal_update_discard, name="portal_update_discard"),
    path("<int:pk>/verwijderen/", updates.portal_update_delete, name="portal_update_delete"),
]

# /partner/pilots/<slug>/bestanden/
portal_files = [
    path("", files.portal_files, name="portal_files"),
    path("<int:pk>/", files.portal_file, name="portal_file"),
    path("<int:pk>/verwijderen/", files.portal_file_delete, name="portal_file_delete"),
]

# /partner/netwerk/
portal_network = [
    path("", network.portal_network, name="portal_network"),
    path("<int:pk>/", network.portal_network_update, name="portal_network_update"),
    path("<int:pk>/melden/", network.portal_network_report, name="portal_network_report"),
    path("<int:pk>/<str:name>", network.portal_update_picture, name="portal_update_picture"),
]

# /partner/pilots/<slug>/voorstel/
portal_proposals = [
    path("", proposals.portal_proposal, name="portal_proposal"),
    path("wijzigen/", proposals.portal_proposal_edit, name="portal_proposal_edit"),
    path("nakijken/", proposals.portal_proposal_check, name="portal_proposal_check"),
    path("voorbeeld/", proposals.portal_proposal_preview, name="portal_proposal_preview"),
    path("intrekken/", proposals.portal_proposal_withdraw, name="portal_proposal_withdraw"),
]

# /partner/pilots/<slug>/ondersteuning/
portal_support = [
    path("", support.portal_support, name="portal_support"),
    path("nieuw/", support.portal_support_new, name="portal_support_new"),
    path("<int:pk>/", support.portal_support_request, name="portal_support_request"),
]
