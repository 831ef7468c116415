"""The words of the matrix: who asks, what they are told, and the rows that come back often."""

from collections.abc import Callable
from dataclasses import dataclass

ROLES = ("visitor", "outsider", "reader", "writer", "lead", "colleague", "editor", "moderator", "superuser")
"""A visitor; an account of no pilot; a lezer, a redacteur and the penvoerder of one pilot; a redacteur of another pilot;
and the team: Redacteur, Programmateam, and somebody who may do all."""

STAFF = ("editor", "moderator", "superuser")
NETWORK = ("reader", "writer", "lead", "colleague", "moderator", "superuser")
"""The people of any pilot, and the team that reads along."""

LOGIN, ACCOUNT, FACTORS = "/account/login/", "/account/", "/account/2fa/"
PORTAL_HOME, CONFIRM = "/partner/", "/account/reauthenticate/code/"
REFUSED = "/admin/"
"""How Wagtail says no to who works in the admin: back to its home, with a message."""
DONE = "done"
"""Sent on to anywhere else in the admin, or in the portal, after something was done or to where it can be."""

Answer = int | str
"""A status, or where one is sent."""
Answers = dict[str, Answer]


@dataclass(frozen=True)
class Row:
    """What everybody is told who gets an address, and who posts an empty form to it."""

    get: Answers
    post: Answers


@dataclass(frozen=True)
class InPilot:
    """What the people of a pilot are told about an address in it; to all others it does not exist.

    ``get`` and ``post`` are for a lezer, a redacteur and a penvoerder; ``team`` is what the Programmateam gets and posts
    where it reads along.
    """

    get: tuple[Answer, Answer, Answer]
    post: tuple[Answer, Answer, Answer] = (405, 405, 405)
    team: tuple[Answer, Answer] = (404, 404)

    def own(self) -> Row:
        """In the pilot of the reader, the writer and the lead."""
        return self._row(lambda told: {"reader": told[0], "writer": told[1], "lead": told[2]})

    def foreign(self) -> Row:
        """In the other pilot, of which only the colleague is, as a redacteur."""
        return self._row(lambda told: {"colleague": told[1]})

    def _row(self, members: Callable[[tuple[Answer, Answer, Answer]], Answers]) -> Row:
        def told(answers: tuple[Answer, Answer, Answer], team: Answer) -> Answers:
            # What cannot be asked this way by anybody is told before it is looked whose it is.
            if set(answers) == {405}:
                return _all(405, visitor=LOGIN)
            return _all(404, visitor=LOGIN, moderator=team, superuser=team, **members(answers))

        return Row(told(self.get, self.team[0]), told(self.post, self.team[1]))


def _all(answer: Answer, **exceptions: Answer) -> Answers:
    return {role: exceptions.get(role, answer) for role in ROLES}


def everybody(get: Answer, post: Answer = 405) -> Row:
    """The same for all."""
    return Row(_all(get), _all(post))


def signed_in(get: Answer, post: Answer = 405, visitor: Answer = LOGIN) -> Row:
    """The same for all accounts; a visitor is asked to sign in."""
    return Row(_all(get, visitor=visitor), _all(post, visitor=visitor))


def landed(visitor: Answer) -> Row:
    """A page to sign in on. Who did is sent on: a partner to the portal, the team to its account."""
    told = _all(PORTAL_HOME, visitor=visitor, **dict.fromkeys(STAFF, ACCOUNT))
    return Row(told, told)


def for_some(who: tuple[str, ...], get: Answer, post: Answer = 405) -> Row:
    """For some accounts; to the others it does not exist."""
    told = (answer if answer == 405 else 404 for answer in (get, post))
    return Row(
        *(
            _all(rest, visitor=LOGIN, **dict.fromkeys(who, answer))
            for rest, answer in zip(told, (get, post), strict=True)
        )
    )


def admin(who: tuple[str, ...], get: Answer = 200, post: Answer = 405, *, refused: Answer = REFUSED, **other) -> Row:
    """An address in the admin, which asks a visitor to sign in and does not exist for an account.

    Of the team it is for ``who``; the others are ``refused``. ``other`` are answers that differ, such as ``get_editor``.
    """

    def told(answer: Answer, method: str) -> Answers:
        told = {"visitor": LOGIN, **{role: answer if role in who else refused for role in STAFF}}
        told |= {name.removeprefix(f"{method}_"): said for name, said in other.items() if name.startswith(method)}
        return _all(404, **told)

    return Row(told(get, "get"), told(post, "post"))


# --- The site ----------------------------------------------------------------------------------------------------------

OPEN = everybody(200)
OPEN_FORM = everybody(200, post=200)
NOWHERE = everybody(404, post=404)
NOTHING_THERE = everybody(404)
SIGNED_IN = signed_in(200)
SIGNED_IN_FORM = signed_in(200, post=200)
SIGNED_OUT = landed(visitor=200)
CONFIRMED_FIRST = signed_in(CONFIRM, post=CONFIRM)
SOMEBODY_ELSES = signed_in(404, post=404)
NOTHING_TO_CONFIRM = signed_in(403, post=403)

# --- The portal --------------------------------------------------------------------------------------------------------

BY_FORM_ONLY = (405, 405, 405)
OF_NETWORK = for_some(NETWORK, 200)
OF_NETWORK_FORM = for_some(NETWORK, 200, post=200)
MEMBERS = InPilot((200, 200, 200))
MEMBERS_FORM = InPilot((200, 200, 200), post=(200, 200, 200))
WRITERS_FORM = InPilot((404, 200, 200), post=(404, 200, 200))
LEADS_FORM = InPilot((404, 404, 200), post=(404, 404, 200))
WRITERS_DEED = InPilot(BY_FORM_ONLY, post=(404, DONE, DONE))
LEADS_DEED = InPilot(BY_FORM_ONLY, post=(404, 404, DONE))
OWN_DEED = InPilot(BY_FORM_ONLY, post=(404, DONE, 404))
"""Of the redacteur who began it, and of nobody else yet."""

# --- The admin ---------------------------------------------------------------------------------------------------------

ALL, TEAM, SUPERUSER, NOBODY = STAFF, STAFF[1:], STAFF[2:], ()
