import sys
from types import ModuleType, SimpleNamespace

import pytest
from airflow.sdk._shared.secrets_masker import redact

from airflow_provider_ee.hooks.fields import FIELDS, form, widgets


@pytest.mark.parametrize(
    "name", [name for name, field in FIELDS.items() if field.kind.schema.get("format") == "password"]
)
def test_airflow_itself_hides_the_fields_that_hold_secrets(name):
    assert redact({name: '{"refresh_token": "canary"}'}) == {name: "***"}


def test_every_field_tells_people_what_it_is_for():
    assert all(described["label"] and described["description"].endswith(".") for described in form().values())


def test_airflow_3_1_gets_the_same_form_as_widgets(monkeypatch):
    stand_in = ModuleType("wtforms")
    for kind in ("BooleanField", "IntegerField", "PasswordField", "StringField"):
        setattr(stand_in, kind, lambda label, description, kind=kind: SimpleNamespace(kind=kind, label=label))
    monkeypatch.setitem(sys.modules, "wtforms", stand_in)

    built = widgets()

    assert list(built) == list(FIELDS)
    assert built["keyfile_dict"] == SimpleNamespace(kind="PasswordField", label="Service account key")
    assert (built["num_retries"].kind, built["anonymous"].kind) == ("IntegerField", "BooleanField")
