import sys
from types import ModuleType, SimpleNamespace

import pytest
from airflow.sdk._shared.secrets_masker import redact

from airflow_provider_ee.connection_form import CONNECTION_FORM
from airflow_provider_ee.hooks.fields import READERS, widgets


@pytest.mark.parametrize(
    "name", [name for name, field in CONNECTION_FORM.items() if field["schema"].get("format") == "password"]
)
def test_airflow_itself_hides_the_fields_that_hold_secrets(name):
    assert redact({name: '{"refresh_token": "canary"}'}) == {name: "***"}


def test_every_field_of_the_form_is_read():
    assert list(READERS) == list(CONNECTION_FORM)


def test_every_field_tells_people_what_it_is_for():
    assert all(described["label"] and described["description"].endswith(".") for described in CONNECTION_FORM.values())


def test_airflow_3_1_gets_the_same_form_as_widgets(monkeypatch):
    stand_in = ModuleType("wtforms")
    for kind in ("BooleanField", "IntegerField", "PasswordField", "StringField"):
        setattr(stand_in, kind, lambda label, description, kind=kind: SimpleNamespace(kind=kind, label=label))
    monkeypatch.setitem(sys.modules, "wtforms", stand_in)

    built = widgets()

    assert list(built) == list(CONNECTION_FORM)
    assert built["keyfile_dict"] == SimpleNamespace(kind="PasswordField", label="Service account key")
    assert (built["num_retries"].kind, built["anonymous"].kind) == ("IntegerField", "BooleanField")
