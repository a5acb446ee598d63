"""Bodies of the methods that read and change who may use an asset."""

from airflow_provider_ee.emulator.schemas.kinds import Integer, Many, Mask, Message, Table, Text

__all__ = ["GET_POLICY", "POLICY", "SET_POLICY", "TEST_PERMISSIONS"]

POLICY = Message(
    {
        "bindings": Many(
            Message(
                {
                    "role": Text(r"roles/[A-Za-z0-9._]+|(projects|organizations)/.+/roles/.+", "a role, 'roles/...'"),
                    "members": Many(
                        Text(
                            r"allUsers|allAuthenticatedUsers|[A-Za-z]+:.+|(principal|principalSet)://.+",
                            "a member such as 'user:EMAIL', 'serviceAccount:EMAIL', 'group:EMAIL' or 'allUsers'",
                        )
                    ),
                    "condition": Message({name: Text() for name in ("expression", "title", "description", "location")}),
                    "bindingId": Text(),
                    "pamBindingId": Table(),
                },
                required=("role",),
            )
        ),
        "etag": Text(),
        "version": Integer(minimum=0, maximum=3),
        "auditConfigs": Many(Table()),
        "rules": Many(Table()),
    }
)

GET_POLICY = Message({"options": Message({"requestedPolicyVersion": Integer(minimum=0, maximum=3)})})
SET_POLICY = Message({"policy": POLICY, "updateMask": Mask()}, required=("policy",))
TEST_PERMISSIONS = Message({"permissions": Many(Text())}, required=("permissions",))
