from wagtail import hooks
from wagtail.snippets.models import register_snippet

from mkbroute.core import admin, views
from mkbroute.core.usage import keep_what_is_used

register_snippet(admin.ThemeViewSet)
register_snippet(admin.SectorViewSet)
register_snippet(admin.TargetGroupViewSet)
register_snippet(admin.ProvinceViewSet)
register_snippet(admin.SourceViewSet)

hooks.register("before_delete_snippet", keep_what_is_used)
hooks.register("register_admin_urls", lambda: views.admin_urls)
hooks.register("register_page_header_buttons", admin.page_header_buttons)
