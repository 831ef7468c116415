from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from mkbroute import admin, blocking, findability, manual, queue_admin, records, reviews, standard_texts, today, upkeep
from mkbroute.core.admin import CONTENT_MENU, ReceivedPolicy
from mkbroute.models import BrokenLink, ContactMessage

register_permission_policy(ContactMessage, ReceivedPolicy(ContactMessage))
register_snippet(admin.ContactMessageViewSet)
register_permission_policy(BrokenLink, ReceivedPolicy(BrokenLink))
register_snippet(upkeep.BrokenLinkViewSet)
register_snippet(findability.SynonymViewSet)
register_snippet(findability.PromotedResultViewSet)
register_snippet(standard_texts.StandardTextViewSet)

hooks.register(
    "register_admin_viewset",
    lambda: [admin.HomePageViewSet(), admin.ContentPageViewSet(), admin.PagesViewSet()],
)
hooks.register(
    "register_admin_urls",
    lambda: [*today.admin_urls, *upkeep.admin_urls, *findability.admin_urls, *manual.admin_urls],
)
hooks.register("register_admin_urls", lambda: [*queue_admin.admin_urls, *blocking.admin_urls])
hooks.register("after_create_page", admin.advise_on_page)
hooks.register("after_edit_page", admin.advise_on_page)
hooks.register("before_copy_page", admin.check_copies)
hooks.register("register_icons", admin.add_icons)
hooks.register("register_log_actions", reviews.register_log_actions)
hooks.register("insert_global_admin_css", admin.admin_css)
hooks.register("insert_global_admin_js", admin.admin_dates_js)
hooks.register("construct_homepage_panels", admin.show_today)

hooks.register("register_admin_menu_item", queue_admin.queue_menu_item)
hooks.register("register_admin_menu_item", admin.pilots_menu)
hooks.register("register_admin_menu_item", admin.network_menu)
hooks.register("register_admin_menu_item", admin.knowledge_menu)
hooks.register("register_admin_menu_item", admin.content_menu)
hooks.register("register_admin_menu_item", admin.manual_menu_item)
hooks.register(CONTENT_MENU, admin.images_menu_item)
hooks.register(CONTENT_MENU, admin.documents_menu_item)
hooks.register(CONTENT_MENU, findability.searched_terms_menu_item)
hooks.register("register_settings_menu_item", admin.log_menu_item)
hooks.register("register_settings_menu_item", upkeep.jobs_menu_item)
hooks.register("construct_main_menu", admin.arrange_main_menu)

hooks.register("register_admin_urls", lambda: records.admin_urls)
hooks.register("register_settings_menu_item", records.mail_menu_item)
hooks.register("register_settings_menu_item", records.trail_menu_item)
hooks.register("register_settings_menu_item", records.retention_menu_item)
