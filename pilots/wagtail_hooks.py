from wagtail import hooks
from wagtail.snippets.models import register_snippet

from mkbroute.core.admin import PILOTS_MENU
from pilots import admin

register_snippet(admin.PilotViewSet)
hooks.register("register_admin_urls", lambda: admin.admin_urls)
hooks.register(PILOTS_MENU, admin.people_menu_item)
