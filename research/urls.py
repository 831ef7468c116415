from django.urls import path

from .views import public

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
