"""Earth Engine's REST API as plain Python: calls are data, two small drivers send them.

Knows httpx, google-auth and tenacity, and nothing of Airflow:

    from airflow_provider_ee.client.http.clients import Client
    from airflow_provider_ee.client import methods

    with Client("my-project") as client:
        client.send(methods.operations_list("projects/my-project"))
"""
