from wagtail.snippets.models import register_snippet

from pilots import admin

register_snippet(admin.PilotViewSet)
