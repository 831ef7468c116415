from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.documents.models import AbstractDocument
from wagtail.snippets.models import register_snippet

from mkbroute.accounts.permissions import may_enter_admin
from research import admin
from research.models import Publication

register_snippet(admin.PracticeViewSet)
register_snippet(admin.QuestionViewSet)
register_snippet(admin.PublicationViewSet)
register_snippet(admin.PolicyFileViewSet)
register_snippet(admin.TermViewSet)
register_snippet(admin.NewsItemViewSet)


@hooks.register("before_serve_document")
def keep_back_files_of_unpublished(document: AbstractDocument, request: HttpRequest) -> None:
    """The file of a publication that nobody may see yet, or any more, is seen by those of the admin only."""
    states = Publication.objects.filter(file=document).values_list("live", flat=True)
    if states and not any(states) and not may_enter_admin(request.user):
        raise Http404
