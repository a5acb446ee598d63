"""A real Airflow whose processes die at labelled steps, against Earth Engines that lose answers."""
