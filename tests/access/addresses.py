"""Every address of the site, read from its patterns, with something there to ask for."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from tests.access.world import KEY_OF_SOMEBODY, World

# Addresses without a name, or whose pattern names no parameters.
PATHS = {
    "admin/logout/": "/admin/logout/",
    "^admin/(failwhale|test404)/$": "/admin/failwhale/",
    "admin/test404/": "/admin/test404/",
    "admin/^.*/$": "/admin/bestaat-niet/",
    "wagtail_serve": "/een-bladzijde/",
}

# What an address asks for, where the name of the parameter does not tell enough.
ARGUMENTS = {
    "pilot_detail": {"slug": "een-pilot"},
    "organisation_detail": {"slug": "een-school"},
    "person_detail": {"slug": "een-mens"},
    "practice_detail": {"slug": "een-voorbeeld"},
    "publication_detail": {"slug": "een-publicatie"},
    "publication_citation": {"slug": "een-publicatie", "style": "citaat.bib"},
    "term_detail": {"slug": "een-begrip"},
    "question_detail": {"slug": "een-vraag"},
    "policy_detail": {"slug": "een-dossier"},
    "news_detail": {"slug": "een-bericht"},
    "theme_detail": {"slug": "een-thema"},
    "feed": {"section": "alles"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "abc-def"},
    "mfa_edit_webauthn": {"pk": KEY_OF_SOMEBODY},
    "mfa_remove_webauthn": {"pk": KEY_OF_SOMEBODY},
    "preview_link": {"token": "niemands-token"},
    "invitation": {"token": "niemands-token"},
    "unsubscribe": {"token": "12:niemand"},
    "rendition": {"name": "niets.jpg"},
    "wagtaildocs_authenticate_with_password": {"restriction_id": KEY_OF_SOMEBODY},
    "portal_practice_step": {"step": "aanpak"},
    "partner_manual_chapter": {"name": "ondersteuning"},
    "manual_chapter": {"name": "pilot-bijwerken"},
    "today_list": {"key": "nakijken"},
    "wagtailadmin_password_reset_confirm": {"uidb64": "MQ", "token": "abc-def"},
    "wagtailadmin_api:pages:action": {"action_name": "copy"},
    "wagtailadmin_pages:choose_parent": {"app_label": "mkbroute", "model_name": "contentpage"},
    "wagtailadmin_workflows:add_task": {"app_label": "wagtailcore", "model_name": "groupapprovaltask"},
    "wagtailadmin_tag_model_autocomplete": {"app_name": "taggit", "model_name": "tag"},
}

# What a parameter stands for, wherever it is: the number of a thing of the world, or a word.
THINGS = {
    "page_id": "page",
    "parent_page_id": "page",
    "page_to_move_id": "page",
    "page_pk": "page",
    "destination_id": "other_page",
    "image_id": "image",
    "document_id": "document",
    "doc_id": "document",
    "redirect_id": "redirect",
    "collection_id": "collection",
    "workflow_pk": "workflow",
    "task_id": "task",
    "object_id": "pilot",
}
WORDS = {
    "app_label": "pilots",
    "model_name": "pilot",
    "content_type_app_name": "mkbroute",
    "content_type_model_name": "contentpage",
    "action_name": "approve",
    "filter_spec": "max-10x10",
    "session_id": 1,
}
HISTORY = {
    "revision_id": "older",
    "revision_id_a": "older",
    "revision_id_b": "newer",
    "task_state_id": "task_state",
    "workflow_state_id": "workflow_state",
}
# What ``pk`` stands for below a namespace of the admin; below a snippet's it is the one of that model.
NUMBERED = {
    "wagtailadmin_api:pages": "page",
    "wagtailadmin_api:documents": "document",
    "wagtailadmin_api:images": "image",
    "wagtailadmin_collections": "collection",
    "wagtailadmin_pages": "page",
    "wagtailadmin_workflows": "workflow",
    "wagtaildocs_chooser": "document",
    "wagtailimages_chooser": "image",
    "wagtailsites": "site",
    "wagtailusers_groups": "group",
    "wagtailusers_users": "user",
    "preview_links": "pilot",
    "preview_link_withdraw": "preview_link",
    "still_correct": "pilot",
    "block_user": "user",
    "mail_detail": "mail",
    "mail_retry": "mail",
    "people_of": "pilot",
    "person_of": "membership",
    "invitation_of": "invitation",
    "support_answer": "support",
    "pilot_contact": "pilot",
    "queue_item": "contactmessage",
    "end_session": "session",
    "portal_invitation": "invitation",
    "portal_member": "membership",
}
# What ``pk`` stands for in the portal and on the pages of a pilot, by how the name begins.
OF_PILOT = {
    "portal_update": "update",
    "portal_network": "update",
    "pilot_update": "update",
    "portal_file": "file",
    "portal_practice": "submission",
    "portal_support": "support",
}
# What waits in the queue, and under which kind; a variant names another thing of the world.
QUEUED = {
    "": "contactbericht",
    "update": "bericht",
    "draft_update": "bericht",
    "report": "melding",
    "sent_proposal": "voorstel",
    "proposal": "voorstel",
    "sent_submission": "voorbeeld",
    "asked_submission": "voorbeeld-oordeel",
    "submission": "voorbeeld",
    "support": "ondersteuningsvraag",
}


@dataclass(frozen=True)
class Address:
    """A pattern of the site. ``name`` is how its row is called: its name, or its route where it has none."""

    name: str
    parameters: tuple[str, ...]

    def path(self, world: World, variant: str = "", where: str | None = None) -> str:
        """Where it is, in a world. A variant asks for another thing: "own" for the editor's own image. What is in a pilot
        is asked for there, unless ``where`` says otherwise: "" or "other".
        """
        if variant == "export":
            return f"{self.path(world)}?export=csv"
        if self.name == "wagtaildocs_serve":
            return world[f"{variant}_document" if variant else "document"].url
        if self.name == "wagtail_bulk_action":
            return f"/admin/bulk/core/picture/delete/?id={world[f'{variant}_image' if variant else 'image'].pk}"
        if self.name in PATHS:
            return PATHS[self.name]
        arguments = {name: self._argument(name, world, variant) for name in self.parameters}
        if "slug" in arguments and self.name.startswith(("portal_", "pilot_update")):
            is_other = variant.startswith("other") if where is None else where == "other"
            arguments["slug"] = world["other_pilot" if is_other else "pilot"].slug
        return reverse(self.name.split()[0], kwargs=arguments)

    def _argument(self, parameter: str, world: World, variant: str) -> object:
        given = {**WORDS, **ARGUMENTS.get(self.name, {})}
        if parameter == "token" and variant == "given":
            return world.tokens[self.name]
        if parameter == "slug" and self.name.startswith(("portal_", "pilot_update")):
            return ""  # filled in by ``path``
        if parameter == "kind":
            return QUEUED[variant]
        if self.name == "queue_item" and variant:
            return world[variant].pk
        if self.name.endswith("_update_picture") and parameter == "name":
            return world[f"{variant}_update".removeprefix("_")].picture_name
        if parameter in given:
            return given[parameter]
        if parameter == "uploaded_file_id":
            return world["upload_document" if "docs" in self.name else "upload_picture"].pk
        if parameter in HISTORY:
            return world.history[self._model() or "page"][HISTORY[parameter]].pk
        thing = THINGS.get(parameter) or self._numbered()
        if variant in world.people:
            return world.people[variant].pk
        return world[f"{variant}_{thing}" if variant else thing].pk

    def _numbered(self) -> str:
        if "task" in self.name and self.name.startswith("wagtailadmin_workflows"):
            return "task"
        for start, thing in OF_PILOT.items():
            if self.name.startswith(start):
                return thing
        return self._model() or NUMBERED[self.name.split()[0].rpartition(":")[0] or self.name]

    def _model(self) -> str:
        """The name of the model whose admin this is, if it is a snippet's."""
        namespace = self.name.partition(":")[0]
        return namespace.rsplit("_", 1)[1] if namespace.startswith("wagtailsnippet") and "_" in namespace else ""


def every_address() -> list[Address]:
    """All patterns of the site and its admin. Two with one name are told apart by their last parameter."""
    found: dict[str, Address] = {}
    for name, parameters in _walk(get_resolver(), "", "", ()):
        known = f"{name} {parameters[-1]}" if name in found and found[name].parameters != parameters else name
        found[known] = Address(known, parameters)
    return list(found.values())


def _walk(
    resolver: URLResolver, namespace: str, route: str, parameters: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in resolver.url_patterns:
        here = f"{route}{pattern.pattern}"
        named = (*parameters, *(pattern.pattern.converters or pattern.pattern.regex.groupindex))
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner, here, named)
        else:
            yield (f"{namespace}{pattern.name}" if pattern.name else here), named
