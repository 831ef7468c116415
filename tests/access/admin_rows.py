"""The matrix of the admin: Wagtail's own screens, the screens of every model, and ours.

``ALL`` is everybody who works in the admin, ``TEAM`` the Programmateam and a superuser. Whoever a row leaves out is
``REFUSED``; a visitor is asked to sign in, and to an account without a place in the admin none of it exists.
"""

from tests.access.answers import ALL, DONE, LOGIN, NOBODY, NOWHERE, SUPERUSER, TEAM, Row, admin

# --- What comes back often ------------------------------------------------------------------------------------------------


def screen(who: tuple[str, ...], **other) -> Row:
    """To look at."""
    return admin(who, **other)


def form(who: tuple[str, ...], **other) -> Row:
    """To fill in: an empty form comes back with what is missing."""
    return admin(who, post=200, **other)


def deed(who: tuple[str, ...], **other) -> Row:
    """To do after a question whether one is sure."""
    return admin(who, post=DONE, **other)


def push(who: tuple[str, ...], post: int | str = DONE, **other) -> Row:
    """To do at once, by a form only."""
    return admin(who, get=405, post=post, get_editor=405, get_moderator=405, get_superuser=405, **other)


def below(namespace: str, rows: dict[str, Row]) -> dict[str, Row]:
    """The rows of the addresses in a namespace."""
    return {f"{namespace}:{name}": row for name, row in rows.items()}


MISSING = admin(ALL, get=404, post=404)
"""For whom nothing is there to ask for."""

# --- Screens of a model -------------------------------------------------------------------------------------------------


def rows_of(model: str, write: tuple[str, ...], remove: tuple[str, ...], **other: Row) -> dict[str, Row]:
    """The screens of a model."""
    rows = {
        "list": screen(write),
        "list (export)": screen(write),
        "list_results": screen(write),
        "add": form(write),
        "edit": form(write),
        "delete": deed(remove),
        "usage": screen(write),
        "history": screen(write),
        "history_results": screen(write),
        **other,
    }
    return below(f"wagtailsnippets_{model}", rows)


def picking(model: str, who: tuple[str, ...], create: Row = MISSING) -> dict[str, Row]:
    """The window in which one of a model is picked; in most, none can be made."""
    names = ("choose", "choose_results", "chosen", "chosen_multiple")
    return below(f"wagtailsnippetchoosers_{model}", {**dict.fromkeys(names, screen(who)), "create": create})


def page_of_its_own(model: str) -> dict[str, Row]:
    """A model with a page: an editor writes and sends in, the team publishes."""
    return {
        **rows_of(
            model,
            write=ALL,
            remove=TEAM,
            preview_on_add=form(ALL),
            preview_on_edit=form(ALL),
            revisions_view=screen(ALL),
            revisions_compare=screen(ALL),
            revisions_revert=form(ALL),
            revisions_unschedule=deed(TEAM),
            unpublish=deed(TEAM),
            lock=admin(TEAM, get=405, post=DONE),
            unlock=admin(SUPERUSER, get=405, post=DONE),  # of what is in review, and locked by that
            workflow_action=deed(TEAM),
            collect_workflow_action_data=form(TEAM),
            confirm_workflow_cancellation=form(ALL),
            workflow_preview=admin(TEAM, post_editor=405),
            workflow_history=screen(ALL),
            workflow_history_detail=screen(ALL),
        ),
        **picking(model, ALL),
    }


MODELS = {
    **page_of_its_own("pilots_pilot"),
    "wagtailsnippets_pilots_pilot:delete": admin(TEAM, get=DONE, post=DONE),  # says where it is used
    "wagtailsnippets_pilots_pilot:delete (unused)": deed(TEAM),
    **page_of_its_own("network_organisation"),
    **page_of_its_own("network_person"),
    **page_of_its_own("research_practice"),
    **page_of_its_own("research_question"),
    **page_of_its_own("research_publication"),
    **page_of_its_own("research_policyfile"),
    **page_of_its_own("research_term"),
    **page_of_its_own("research_newsitem"),
    # what everybody writes in, without drafts
    **rows_of("core_source", write=ALL, remove=TEAM),
    **picking("core_source", ALL, create=form(ALL)),
    **rows_of("core_synonym", write=ALL, remove=TEAM),
    **picking("core_synonym", ALL),
    # words that an editor uses and the team keeps
    **rows_of("core_theme", write=TEAM, remove=TEAM),
    **picking("core_theme", ALL),
    **rows_of("core_sector", write=TEAM, remove=TEAM),
    **picking("core_sector", ALL),
    **rows_of("core_targetgroup", write=TEAM, remove=TEAM),
    **picking("core_targetgroup", ALL),
    **rows_of("core_province", write=TEAM, remove=TEAM),
    **picking("core_province", ALL),
    # the team's own
    **rows_of("core_promotedresult", write=TEAM, remove=TEAM),
    **picking("core_promotedresult", TEAM),
    **rows_of("core_standardtext", write=TEAM, remove=TEAM),
    **picking("core_standardtext", TEAM),
    **rows_of(
        "pilots_supportrequest",
        write=TEAM,
        remove=TEAM,
        add=admin(NOBODY, post=200),
        edit=admin(TEAM, get=DONE, post=DONE),
    ),
    **picking("pilots_supportrequest", TEAM),
    **rows_of("pilots_contactmoment", write=TEAM, remove=TEAM),
    **picking("pilots_contactmoment", TEAM),
    **rows_of("mkbroute_contactmessage", write=TEAM, remove=TEAM, add=admin(NOBODY, post=200)),
    **picking("mkbroute_contactmessage", TEAM),
    **rows_of("mkbroute_brokenlink", write=ALL, remove=SUPERUSER, add=admin(NOBODY, post=200)),
    **picking("mkbroute_brokenlink", ALL),
}

# --- Our own screens ----------------------------------------------------------------------------------------------------

OURS = {
    "wagtailadmin_home": screen(ALL),
    "today_list": screen(ALL),
    "still_correct": push(ALL),
    "manual": screen(ALL),
    "manual_chapter": screen(ALL),
    "preview_links": deed(ALL),
    "preview_link_withdraw": push(ALL),
    "searched_terms": screen(TEAM),
    "searched_terms_results": screen(TEAM),
    "job_list": screen(TEAM),
    # what waits: a draft is of its authors
    "queue": screen(TEAM),
    "queue_item": form(TEAM),
    "queue_item (update)": form(TEAM),
    "queue_item (draft_update)": admin(TEAM, get=404, post=404),
    "queue_item (report)": form(TEAM),
    "queue_item (sent_proposal)": form(TEAM),
    "queue_item (proposal)": admin(TEAM, get=404, post=404),
    "queue_item (sent_submission)": form(TEAM),
    "queue_item (asked_submission)": form(TEAM),
    "queue_item (submission)": admin(TEAM, get=404, post=404),
    "queue_item (support)": form(TEAM),
    "support_answer": form(TEAM),
    # people
    "people": screen(TEAM),
    "people_of": form(TEAM),
    "person_of": deed(TEAM),
    "invitation_of": push(TEAM),
    "block_user": form(TEAM),
    "block_user (moderator)": form(SUPERUSER),
    "block_user (superuser)": form(NOBODY),
    "pilot_contact_list": screen(TEAM),
    "pilot_contact_list (export)": screen(TEAM),
    "pilot_contact_list_results": screen(TEAM),
    "pilot_contact": form(TEAM),
    # what the site keeps
    "mail_list": screen(TEAM),
    "mail_list_results": screen(TEAM),
    "mail_detail": screen(TEAM),
    "mail_retry": push(TEAM),
    "trail": screen(TEAM),
    "trail (export)": screen(TEAM),
    "trail_results": screen(TEAM),
    "retention_list": screen(TEAM),
    "paginas:index": screen(ALL),
    "paginas:index_results": screen(ALL),
    "paginas:choose_parent": form(ALL),
}

# --- Wagtail's own --------------------------------------------------------------------------------------------------------

PAGES = below(
    "wagtailadmin_pages",
    {
        "add": form(ALL),
        "add_subpage": admin(ALL, get=DONE, post=DONE),
        "choose_parent": form(ALL),
        "edit": form(ALL),
        "copy": form(ALL),
        "delete": deed(TEAM),
        "unpublish": deed(TEAM),
        "move": form(TEAM),
        "move_confirm": deed(TEAM, get_editor=200),  # asks, and then refuses
        "set_page_position": push(TEAM, post=200),
        "set_privacy": form(TEAM),
        "lock": push(TEAM),
        "unlock": push(SUPERUSER),  # of what is in review, and locked by that
        "convert_alias": MISSING,  # for a page that is no alias
        # what else shows a page: the side doors
        "preview_on_add": form(ALL),
        "preview_on_edit": form(ALL),
        "view_draft": form(ALL),
        "revisions_index": admin(ALL, get=DONE, post=DONE),
        "revisions_view": screen(ALL),
        "revisions_compare": screen(ALL),
        "revisions_revert": form(ALL),
        "revisions_unschedule": deed(TEAM),
        "workflow_preview": admin(TEAM, post_editor=405),
        "history": screen(ALL),
        "history_results": screen(ALL),
        "workflow_history": screen(ALL),
        "workflow_history_detail": screen(ALL),
        "usage": screen(ALL),
        "type_use": screen(ALL),
        "type_use_results": screen(ALL),
        "search": screen(ALL),
        "search_results": screen(ALL),
        # the review
        "workflow_action": deed(TEAM),
        "collect_workflow_action_data": form(TEAM),
        "confirm_workflow_cancellation": form(ALL),
    },
)

TREE = {
    "wagtailadmin_explore_root": screen(ALL),
    "wagtailadmin_explore": screen(ALL),
    "wagtailadmin_explore_results": screen(ALL),
    "wagtailadmin_choose_page": screen(ALL),
    "wagtailadmin_choose_page_child": screen(ALL),
    "wagtailadmin_choose_page_search": screen(ALL),
    "wagtailadmin_choose_page_chosen_multiple": screen(ALL),
    "wagtailadmin_choose_page_external_link": form(ALL),
    "wagtailadmin_choose_page_email_link": form(ALL),
    "wagtailadmin_choose_page_phone_link": form(ALL),
    "wagtailadmin_choose_page_anchor_link": form(ALL),
    "wagtailadmin_tag_autocomplete": form(ALL),
    "wagtailadmin_tag_model_autocomplete": form(ALL),
    "wagtailadmin_block_preview": admin(ALL, get=404),
    "wagtailadmin_dismissibles": screen(ALL),
    "wagtailadmin_editing_sessions:ping": push(ALL, post=200),
    "wagtailadmin_editing_sessions:release": push(ALL, post=200),
    "wagtailadmin_account": form(ALL),
    "wagtail_bulk_action": deed(ALL),  # leaves alone what somebody may not delete, as a test below tries
}

API = below(
    "wagtailadmin_api",
    {
        "pages:listing": screen(ALL),
        "pages:detail": screen(ALL),
        "pages:find": admin(ALL, get=404),
        "pages:action": push(TEAM, post=201, refused=403),  # copies the page
        "documents:listing": screen(ALL),
        "documents:detail": screen(ALL),
        "documents:find": admin(ALL, get=404),
        "images:listing": screen(ALL),
        "images:detail": screen(ALL),
        "images:find": admin(ALL, get=404),
    },
)

# An editor manages own files, the team all of them.
FILES = {
    **below(
        "wagtailimages",
        {
            "index": screen(ALL),
            "index_results": screen(ALL),
            "add": form(ALL),
            "add_multiple": admin(ALL, post=400),  # without a file
            "edit": form(TEAM),
            "edit (own)": form(ALL),
            "delete": deed(TEAM),
            "delete (own)": deed(ALL),
            "edit_multiple": push(TEAM, post=200),
            "edit_multiple (own)": push(ALL, post=200),
            "delete_multiple": push(TEAM, post=200),
            "delete_multiple (own)": push(ALL, post=200),
            "create_multiple_from_uploaded_image": push(("editor",), post=200),  # who uploaded it
            "delete_upload_multiple": push(("editor",), post=200),
            "image_usage": screen(TEAM),
            "image_usage (own)": screen(ALL),
            "preview": form(TEAM),
            "preview (own)": form(ALL),
            "url_generator": admin(ALL, get=404),  # the site has no such addresses
            "url_generator_output": admin(ALL, get=404),
        },
    ),
    **below(
        "wagtailimages_chooser",
        {
            "choose": screen(ALL),
            "choose_results": screen(ALL),
            "chosen": screen(ALL),
            "chosen_multiple": screen(ALL),
            "select_format": form(ALL),
            "create": form(ALL),
        },
    ),
    **below(
        "wagtaildocs",
        {
            "index": screen(ALL),
            "index_results": screen(ALL),
            "add": form(ALL),
            "add_multiple": admin(ALL, post=400),  # without a file
            "edit": form(TEAM),
            "edit (own)": form(ALL),
            "delete": deed(TEAM),
            "delete (own)": deed(ALL),
            "edit_multiple": push(TEAM, post=200),
            "edit_multiple (own)": push(ALL, post=200),
            "delete_multiple": push(TEAM, post=200),
            "delete_multiple (own)": push(ALL, post=200),
            "create_multiple_from_uploaded_document": push(("editor",), post=200),  # who uploaded it
            "delete_upload_multiple": push(("editor",), post=200),
            "document_usage": screen(TEAM),
            "document_usage (own)": screen(ALL),
        },
    ),
    **below(
        "wagtaildocs_chooser",
        {
            "choose": screen(ALL),
            "choose_results": screen(ALL),
            "chosen": screen(ALL),
            "chosen_multiple": screen(ALL),
            "create": form(ALL),
        },
    ),
    **below("wagtailembeds", {"chooser": form(ALL), "chooser_upload": form(ALL)}),
    **below(
        "wagtailadmin_collections",
        {
            "index": screen(SUPERUSER),
            "add": form(SUPERUSER),
            "edit": form(SUPERUSER),
            "delete": deed(SUPERUSER, refused=404),
            "set_privacy": form(SUPERUSER),
        },
    ),
}

REVIEWS = below(
    "wagtailadmin_workflows",
    {
        "index": screen(TEAM),
        "index_results": screen(TEAM),
        "add": form(TEAM),
        "edit": form(TEAM),
        "enable": push(TEAM),
        "disable": deed(TEAM),
        "remove": push(TEAM),
        "remove workflow_pk": push(TEAM),
        "usage": screen(TEAM),
        "usage_results": screen(TEAM),
        "task_index": screen(TEAM),
        "task_index_results": screen(TEAM),
        "select_task_type": admin(TEAM, get=DONE, post=DONE),
        "add_task": form(TEAM),
        "edit_task": form(TEAM),
        "enable_task": push(TEAM),
        "disable_task": deed(TEAM),
        "task_chooser": screen(ALL),
        "task_chooser_results": screen(ALL),
        "task_chooser_create": form(TEAM, refused=400, get_editor=200),
        "task_chosen": form(ALL),
    },
)

REPORTS = below(
    "wagtailadmin_reports",
    {
        "locked_pages": screen(TEAM),
        "locked_pages_results": screen(TEAM),
        "workflow": screen(ALL),
        "workflow_results": screen(ALL),
        "workflow_tasks": screen(ALL),
        "workflow_tasks_results": screen(ALL),
        "site_history": screen(ALL),  # of what one may see
        "site_history (export)": screen(ALL),
        "site_history_results": screen(ALL),
        "aging_pages": screen(ALL),
        "aging_pages_results": screen(ALL),
        "page_types_usage": screen(ALL),
        "page_types_usage_results": screen(ALL),
    },
)

SETTINGS = {
    **below(
        "wagtailusers_users",
        {
            "index": screen(TEAM),
            "index_results": screen(TEAM),
            "add": form(TEAM),
            "edit": form(TEAM),
            "edit (superuser)": form(SUPERUSER),
            "delete": deed(SUPERUSER),
            "history": screen(TEAM),
            "history_results": screen(TEAM),
            "usage": screen(TEAM),
        },
    ),
    **below(
        "wagtailusers_groups",
        {
            "index": screen(SUPERUSER),
            "index_results": screen(SUPERUSER),
            "add": form(SUPERUSER),
            "edit": form(SUPERUSER),
            "delete": deed(SUPERUSER),
            "history": screen(SUPERUSER),
            "history_results": screen(SUPERUSER),
            "usage": screen(SUPERUSER),
        },
    ),
    **below(
        "wagtailsites",
        {
            "index": screen(SUPERUSER),
            "index_results": screen(SUPERUSER),
            "add": form(SUPERUSER),
            "edit": form(SUPERUSER),
            "copy": form(SUPERUSER),
            "delete": deed(SUPERUSER),
            "history": screen(SUPERUSER),
            "history_results": screen(SUPERUSER),
            "usage": screen(SUPERUSER),
        },
    ),
    **below(
        "wagtailredirects",
        {
            "index": screen(TEAM),
            "index_results": screen(TEAM),
            "add": form(TEAM),
            "edit": form(TEAM),
            "delete": deed(TEAM),
            "start_import": form(TEAM),
            "process_import": admin(TEAM, get=405, post=200),
        },
    ),
    **below(
        "wagtailforms",
        {
            "index": screen(ALL),
            "index_results": screen(ALL),
            "list_submissions": MISSING,  # of a page that has no form
            "list_submissions_results": MISSING,
            "delete_submissions": admin(NOBODY),
        },
    ),
    "wagtailsnippets:index": admin(NOBODY),  # every model has a place in the menu
}

# Signing in is the site's; the rest of these Wagtail has for all, or for its own makers.
AROUND = {
    "wagtailcore_login": admin(ALL, get=LOGIN, post=LOGIN),
    "wagtailadmin_login": admin(ALL, get=LOGIN, post=LOGIN),
    "admin/logout/": admin(ALL, get=200, post=LOGIN),
    "wagtailadmin_logout": admin(ALL, get=200, post=LOGIN),
    "wagtailadmin_password_reset": NOWHERE,
    "wagtailadmin_password_reset_done": NOWHERE,
    "wagtailadmin_password_reset_confirm": NOWHERE,
    "wagtailadmin_password_reset_complete": NOWHERE,
    "wagtailadmin_error_test": NOWHERE,
    "admin/test404/": NOWHERE,
    "^admin/(failwhale|test404)/$": NOWHERE,
    "wagtailadmin_sprite": admin(ALL, get=200, post=200, get_visitor=200, post_visitor=200),
    "wagtailadmin_javascript_catalog": admin(ALL, get=200, get_visitor=200, post_visitor=405),
    "admin/^.*/$": MISSING,
}

ROWS: dict[str, Row] = {
    **MODELS,
    **OURS,
    **PAGES,
    **TREE,
    **API,
    **FILES,
    **REVIEWS,
    **REPORTS,
    **SETTINGS,
    **AROUND,
}
