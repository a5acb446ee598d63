"""Where exports write and imports read: buckets, Drive folders, assets and tables of BigQuery."""
