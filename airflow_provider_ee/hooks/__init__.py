"""Airflow connections, and what becomes of them."""
