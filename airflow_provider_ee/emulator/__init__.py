"""An Earth Engine of your own: the REST API on this machine, with no Google account.

Start it with `python -m airflow_provider_ee.emulator`, in a test with the fixture of
`airflow_provider_ee.emulator.pytest_plugin`, or in Python with `airflow_provider_ee.emulator.server.Emulator`.
"""
