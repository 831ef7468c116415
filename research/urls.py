from django.urls import path

from .views import partner, public

# /kennis/
knowledge = [
    path("", public.knowledge, name="knowledge"),
    path("goede-voorbeelden/", public.practice_list, name="practice_list"),
    path("goede-voorbeelden/<slug:slug>/", public.practice_detail, name="practice_detail"),
    path("publicaties/", public.publication_list, name="publication_list"),
    path("publicaties/<slug:slug>/", public.publication_detail, name="publication_detail"),
    path("publicaties/<slug:slug>/<str:style>", public.publication_citation, name="publication_citation"),
]

# /begrippen/
terms = [
    path("", public.term_list, name="term_list"),
    path("<slug:slug>/", public.term_detail, name="term_detail"),
]

# /onderzoek/
agenda = [
    path("", public.question_list, name="question_list"),
    path("<slug:slug>/", public.question_detail, name="question_detail"),
]

# /beleid/
policy = [
    path("", public.policy_list, name="policy_list"),
    path("<slug:slug>/", public.policy_detail, name="policy_detail"),
]

# /nieuws/
news = [
    path("", public.news_list, name="news_list"),
    path("<slug:slug>/", public.news_detail, name="news_detail"),
]

# /partner/pilots/<slug>/goede-voorbeelden/
portal_practices = [
    path("", partner.practices, name="portal_practices"),
    path("nieuw/", partner.practice_new, name="portal_practice_new"),
    path("<int:pk>/", partner.practice, name="portal_practice"),
    path("<int:pk>/stap/nalezen/", partner.practice_check, name="portal_practice_check"),
    path("<int:pk>/stap/<slug:step>/", partner.practice_step, name="portal_practice_step"),
    path("<int:pk>/pagina/", partner.practice_preview, name="portal_practice_preview"),
    path("<int:pk>/intrekken/", partner.practice_withdraw, name="portal_practice_withdraw"),
]
