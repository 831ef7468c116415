from mkbroute.core.sitemaps import ListSitemap, published_sitemap

from .models import NewsItem, PolicyFile, Practice, Publication, Question, Term

SITEMAPS = {
    "practices": published_sitemap(Practice.objects.published()),
    "publications": published_sitemap(Publication.objects.published()),
    "questions": published_sitemap(Question.objects.published()),
    "policy": published_sitemap(PolicyFile.objects.published()),
    "terms": published_sitemap(Term.objects.published()),
    "news": published_sitemap(NewsItem.objects.published()),
    "research-lists": ListSitemap(
        {
            "knowledge": Practice.objects.published(),
            "practice_list": Practice.objects.published(),
            "publication_list": Publication.objects.published(),
            "question_list": Question.objects.published(),
            "policy_list": PolicyFile.objects.published(),
            "term_list": Term.objects.published(),
            "news_list": NewsItem.objects.published(),
        }
    ),
}
