from wagtail.snippets.models import register_snippet

from network import admin

register_snippet(admin.OrganisationViewSet)
register_snippet(admin.PersonViewSet)
