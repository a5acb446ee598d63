"""Fetch the pixels of images of any size, in bounded memory: `download.fetch`, and what it is made of.

Needs the extra `raster`: pip install 'airflow-provider-ee[raster]'.
"""
