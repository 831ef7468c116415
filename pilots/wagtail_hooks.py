from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from mkbroute.core.admin import PILOTS_MENU, ReceivedPolicy
from pilots import admin
from pilots.models import SupportRequest

register_snippet(admin.PilotViewSet)
hooks.register("register_admin_urls", lambda: admin.admin_urls)
hooks.register(PILOTS_MENU, admin.people_menu_item)

register_permission_policy(SupportRequest, ReceivedPolicy(SupportRequest))
register_snippet(admin.SupportRequestViewSet)
register_snippet(admin.ContactMomentViewSet)
hooks.register(PILOTS_MENU, admin.contact.contact_menu_item)
hooks.register("register_admin_urls", lambda: [*admin.support.admin_urls, *admin.contact.admin_urls])
