from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.documents.models import AbstractDocument
from wagtail.models import Revision
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
    """The file of a publication that nobody may see yet, or any more, is seen by those of the admin only.

    So is a file that only a draft has, newest or planned, also when an older version of that publication is live.
    """
    if may_enter_admin(request.user):
        return
    publications = ContentType.objects.get_for_model(Publication)
    drafts = Revision.objects.filter(content_type=publications, content__file=document.pk)
    newest = Publication.objects.values("latest_revision")
    in_drafts = drafts.filter(Q(pk__in=newest) | Q(approved_go_live_at__isnull=False))
    is_used = Publication.objects.filter(file=document).exists() or in_drafts.exists()
    if is_used and not any(getattr(where, "live", True) for where, _places in document.get_usage()):
        raise Http404
