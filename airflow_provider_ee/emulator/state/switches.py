"""The choices of those settings that are neither numbers nor true or false.

Where the real service's answer is known, the default of the setting is what it does; where it is not, both are here.
"""

from enum import StrEnum

__all__ = [
    "AssetIds",
    "Buckets",
    "Cancelling",
    "Descriptions",
    "Duplicate",
    "Files",
    "Finding",
    "ForeignAssets",
    "ImportDescriptions",
    "Keys",
    "Partial",
    "Registration",
    "Uncomputed",
    "UnknownFields",
    "UserProject",
]


class Duplicate(StrEnum):
    """What a second submission with the same requestId is answered."""

    INVALID = "invalid"
    FIELD_VIOLATION = "field-violation"
    ALREADY_EXISTS = "already-exists"
    SAME_OPERATION = "same-operation"
    NEW_OPERATION = "new-operation"


class Cancelling(StrEnum):
    """How a cancelled operation ends: at once, not in time, or never."""

    PROMPT = "prompt"
    TOO_LATE = "too-late"
    NEVER = "never"


class Registration(StrEnum):
    """The registration of every project."""

    NONE = "NOT_REGISTERED"
    COMMERCIAL = "REGISTERED_COMMERCIALLY"
    NONCOMMERCIAL = "REGISTERED_NOT_COMMERCIALLY"


class Uncomputed(StrEnum):
    """What an export of a video is answered, which the emulator cannot encode: a refusal, or a success of nothing."""

    REFUSE = "refuse"
    ACCEPT = "accept"


class Descriptions(StrEnum):
    """Which descriptions are accepted."""

    STRICT = "strict"
    SPACES = "spaces"
    ANYTHING = "anything"


class ImportDescriptions(StrEnum):
    """What an import's operation is called: always `Ingest image: "..."`, or as its request says."""

    DEFAULT = "default"
    ECHOED = "echoed"


class Finding(StrEnum):
    """When a fault is found: the submission is refused, or the operation that it starts fails."""

    SUBMISSION = "submission"
    OPERATION = "operation"


class Buckets(StrEnum):
    """What becomes of an export to a bucket that nobody made."""

    MADE = "made"
    FAILS = "fails"


class Files(StrEnum):
    """How a table's object in a bucket is called: by its prefix, or with the suffix that Earth Engine once added."""

    PREFIX = "prefix"
    EE_EXPORT = "ee-export"


class ForeignAssets(StrEnum):
    """What a missing asset in somebody else's project is answered."""

    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"


class UnknownFields(StrEnum):
    """What becomes of a field that the message does not have, in the version that is called or in any."""

    REFUSED = "refused"
    REFUSED_IN_ALL = "refused-in-all"
    IGNORED = "ignored"


class Keys(StrEnum):
    """Which names of properties are accepted when they are written."""

    STRICT = "strict"
    ANYTHING = "anything"


class AssetIds(StrEnum):
    """Which names are accepted for new assets."""

    STRICT = "strict"
    ANYTHING = "anything"


class UserProject(StrEnum):
    """Whether a caller with a token has to name the project that pays."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class Partial(StrEnum):
    """What the query parameter `fields` does."""

    HONOURED = "honoured"
    IGNORED = "ignored"
    REFUSED = "refused"
