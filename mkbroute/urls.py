from allauth.account.views import logout
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

import network.urls
import pilots.urls
import research.urls
from mkbroute.accounts import views as accounts
from mkbroute.core.views import preview_link
from mkbroute.feeds import SectionFeed
from mkbroute.sitemaps import SITEMAPS
from mkbroute.views import contact, manual, my_data, portal, public, search, styleguide, system, themes

urlpatterns = [
    # under the name by which Wagtail sends a visitor of something private to sign in
    path(
        "admin/login/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="wagtailcore_login",
    ),
    path("admin/logout/", logout),
    re_path(r"^admin/(failwhale|test404)/$", system.nowhere),  # where Wagtail tries its own error pages
    path("admin/", include(admin_urls)),
    path("account/", include("mkbroute.accounts.urls")),
    # /partner/
    path("partner/", portal.portal_home, name="portal_home"),
    path("partner/pilots/<slug:slug>/", include(pilots.urls.portal_pilot)),
    path("partner/meldingen/", accounts.notify_settings, name="notify_settings"),
    path("afmelden/<str:token>/", accounts.unsubscribe, name="unsubscribe"),
    path("partner/pilots/<slug:slug>/mensen/", include(pilots.urls.portal_members)),
    path("partner/uitnodiging/<slug:token>/", include(pilots.urls.invitation)),
    # /partner/gegevens/
    path("partner/gegevens/", my_data.my_data, name="my_data"),
    path("partner/gegevens/naam/", my_data.my_name, name="my_name"),
    path("partner/gegevens/adres/", my_data.my_address, name="my_address"),
    path("partner/gegevens/adres/code/", my_data.my_address_code, name="my_address_code"),
    path("partner/gegevens/mijn-gegevens.json", my_data.my_data_json, name="my_data_json"),
    path("partner/gegevens/mijn-gegevens.html", my_data.my_data_file, name="my_data_file"),
    path("partner/gegevens/sluiten/", my_data.close_my_account, name="close_my_account"),
    path("partner/gegevens/gesloten/", my_data.account_closed, name="account_closed"),
    path("partner/pilots/<slug:slug>/berichten/", include(pilots.urls.portal_updates)),
    path("partner/pilots/<slug:slug>/bestanden/", include(pilots.urls.portal_files)),
    path("partner/netwerk/", include(pilots.urls.portal_network)),
    path("partner/pilots/<slug:slug>/voorstel/", include(pilots.urls.portal_proposals)),
    path("partner/pilots/<slug:slug>/goede-voorbeelden/", include(research.urls.portal_practices)),
    path("partner/pilots/<slug:slug>/ondersteuning/", include(pilots.urls.portal_support)),
    path("partner/hulp/", manual.partner_manual, name="partner_manual"),
    path("partner/hulp/<slug:name>/", manual.partner_manual, name="partner_manual_chapter"),
    # /contact/
    path("contact/", contact.contact, name="contact"),
    path("contact/verzonden/", contact.contact_sent, name="contact_sent"),
    # /zoeken/
    path("zoeken/", search.search, name="search"),
    path("zoeken/suggesties/", search.search_suggestions, name="search_suggestions"),
    # /voorbeeld/
    path("voorbeeld/<slug:token>/", preview_link, name="preview_link"),
    # files
    path("documenten/", include(document_urls)),
    re_path(r"^media/images/(?P<name>[A-Za-z0-9_.-]{1,255})$", system.rendition, name="rendition"),
    # for programs
    path("healthz/live", system.live, name="live"),
    path("healthz/ready", system.ready, name="ready"),
    path("robots.txt", system.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path(".well-known/security.txt", system.security_txt, name="security_txt"),
    path("favicon.ico", system.favicon, name="favicon"),
    # /pilots/, /netwerk/, /over/
    path("pilots/", include(pilots.urls.public_pilots)),
    path("stijlgids/", styleguide.styleguide, name="styleguide"),
    path("netwerk/", include(network.urls.network)),
    path("over/", include(network.urls.about)),
    # /kennis/, /begrippen/, /onderzoek/, /beleid/, /nieuws/
    path("kennis/", include(research.urls.knowledge)),
    path("begrippen/", include(research.urls.terms)),
    path("onderzoek/", include(research.urls.agenda)),
    path("beleid/", include(research.urls.policy)),
    path("nieuws/", include(research.urls.news)),
    # /feeds/
    path("feeds/", public.feed_list, name="feed_list"),
    path("feeds/<slug:section>/", SectionFeed(), name="feed"),
    path("thema/<slug:slug>/", themes.theme_detail, name="theme_detail"),
    # everything else is a page of the tree
    path("", public.home, name="home"),
    re_path(r"^((?:[\w\-]+/)+)$", public.content_page, name="wagtail_serve"),
]

handler500 = "mkbroute.views.system.server_error"
