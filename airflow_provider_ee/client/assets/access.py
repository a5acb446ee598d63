"""Who may read, change and own an asset: its IAM policy, changed and nothing else of it.

The roles are those by which both official clients translate readers, writers and owners.
https://developers.google.com/earth-engine/reference/rest/v1/Policy
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from airflow_provider_ee.client.arguments.scalars import choice, flag, items, texts
from airflow_provider_ee.client.errors import AlreadyExists, InvalidArgument, shown
from airflow_provider_ee.client.rest import methods
from airflow_provider_ee.client.rest.flows import Flow

__all__ = ["MODES", "AccessChange", "Policy", "member", "set_access"]

Policy: TypeAlias = dict[str, Any]

MODES = ("add", "remove", "replace")

_READER, _WRITER, _OWNER = "roles/viewer", "roles/editor", "roles/owner"
_ROLES = {"readers": _READER, "writers": _WRITER, "owners": _OWNER}
_EVERYBODY = "allUsers"
_ABORTED = "ABORTED"

#: An older version of a policy leaves out the conditions of bindings; written back, it would end them.
#: https://cloud.google.com/iam/docs/policies#versions
_WITH_CONDITIONS = {"options": {"requestedPolicyVersion": 3}}

_EMAIL = re.compile(r"[^@\s:]+@[^@\s:]+\.[^@\s:]+")
_MEMBER = re.compile(r"(user|serviceAccount|group):[^@\s:]+@[^@\s:]+|domain:[^@\s:]+|principal(Set)?://\S+")


def member(value: object, argument: str) -> str:
    """Return a member in IAM's notation; a bare e-mail address is a person's or a service account's.

    Raises:
        InvalidArgument: It is not a member.
    """
    text = value if isinstance(value, str) else ""
    if _EMAIL.fullmatch(text):
        return f"{'serviceAccount' if text.endswith('.gserviceaccount.com') else 'user'}:{text}"
    if not _MEMBER.fullmatch(text):
        raise InvalidArgument(
            argument,
            f"{shown(value)} is not a member",
            "an e-mail address, user:..., serviceAccount:..., group:... or domain:...; public=True for everybody",
        )
    return text


@dataclass(frozen=True, slots=True)
class AccessChange:
    """A change of who may do what.

    Attributes:
        mode: `add` or `remove` members, or `replace` by them all who had the role; everybody is not among them.
        public: Whether everybody may read; as it was if None.
        members: Who is meant, by role.
    """

    mode: str
    public: bool | None
    members: Mapping[str, Sequence[str]]

    @classmethod
    def of(
        cls,
        *,
        mode: str = "add",
        public: bool | str | None = None,
        readers: object = None,
        writers: object = None,
        owners: object = None,
    ) -> AccessChange:
        """Check what users write: e-mail addresses and the like, by what they may do.

        Raises:
            InvalidArgument: Nobody is named, or no owner would be left.
        """
        named = {"readers": readers, "writers": writers, "owners": owners}
        members = {
            _ROLES[argument]: [member(one, argument) for one in _people(argument, people)]
            for argument, people in named.items()
            if people is not None
        }
        mode = choice("mode", mode, {name: name for name in MODES}, "mode")
        # A template that renders to None leaves as it is who may read.
        public = None if str(public).lower() == "none" else flag("public", public)
        if public is None and not (any(members.values()) or (members and mode == "replace")):
            raise InvalidArgument("readers", "nothing is to be changed", "public, readers, writers or owners")
        if mode == "replace" and members.get(_OWNER) == []:
            raise InvalidArgument("owners", "there would be no owner any more", "at least one")
        return cls(mode, public, members)

    def applied(self, policy: Mapping[str, Any]) -> Policy:
        """Return a policy after the change; bindings of other roles, or with a condition, stay as they are.

        Raises:
            InvalidArgument: The last owner would be gone.
        """
        bindings = [dict(binding) for binding in policy.get("bindings") or ()]
        had_owner = bool(_members(bindings, _OWNER))
        for role, people in self.members.items():
            before = _members(bindings, role)
            everybody = [one for one in before if one == _EVERYBODY]
            _set_members(bindings, role, everybody + self._after([one for one in before if one != _EVERYBODY], people))
        if self.public is not None:
            readers = [one for one in _members(bindings, _READER) if one != _EVERYBODY]
            _set_members(bindings, _READER, [_EVERYBODY, *readers] if self.public else readers)
        if had_owner and not _members(bindings, _OWNER):
            raise InvalidArgument("owners", "there would be no owner any more", "to leave at least one")
        return {**policy, "bindings": bindings} if bindings != policy.get("bindings", []) else dict(policy)

    def _after(self, before: Sequence[str], people: Sequence[str]) -> list[str]:
        """Who has a role after the change; an address is the same in whatever case it is written."""
        known, meant = {one.lower(): one for one in before}, {one.lower(): one for one in people}
        if self.mode == "remove":
            return [one for key, one in known.items() if key not in meant]
        return list({**known, **meant, **known}.values() if self.mode == "add" else meant.values())


def set_access(name: str, change: AccessChange) -> Flow[Policy]:
    """Change who may do what with an asset, and return its policy.

    Raises:
        InvalidArgument: The last owner would be gone.
        AlreadyExists: Somebody else has changed it twice meanwhile.
    """
    try:
        return (yield from _read_and_set(name, change))
    except AlreadyExists as error:
        if error.reason != _ABORTED:
            raise
    return (yield from _read_and_set(name, change))


def _read_and_set(name: str, change: AccessChange) -> Flow[Policy]:
    policy = dict((yield methods.assets_get_iam_policy(name, body=_WITH_CONDITIONS)))
    changed = change.applied(policy)
    if changed == policy:
        return policy
    return dict((yield methods.assets_set_iam_policy(name, body={"policy": changed})))


def _people(argument: str, value: object) -> Sequence[str]:
    """Read members; an empty list takes a role from everybody."""
    return [] if items(value) == [] else texts(argument, value) or []


def _members(bindings: Sequence[Mapping[str, Any]], role: str) -> list[str]:
    """Who has a role without a condition."""
    return [one for binding in bindings if _is_plain(binding, role) for one in binding.get("members") or () if one]


def _set_members(bindings: list[dict[str, Any]], role: str, members: Sequence[str]) -> None:
    """Give a role to just these, in the place where it stood."""
    if sorted(members) == sorted(_members(bindings, role)):
        return
    places = [place for place, binding in enumerate(bindings) if _is_plain(binding, role)]
    for place in reversed(places):
        del bindings[place]
    if members:
        bindings.insert(places[0] if places else len(bindings), {"role": role, "members": list(members)})


def _is_plain(binding: Mapping[str, Any], role: str) -> bool:
    return binding.get("role") == role and not binding.get("condition")
