"""The client's methods and the emulator's routes know nothing of each other; here they are held side by side."""

from airflow_provider_ee.client.rest.methods import METHODS
from airflow_provider_ee.emulator.http.routes import ROUTES


def test_the_emulator_routes_every_method_that_the_client_has():
    assert {route.method for route in ROUTES} == set(METHODS)
