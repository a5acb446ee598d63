"""Bodies of the requests that start exports, from the words of `ee.batch.Export` in snake_case.

One module for each kind of thing that is exported; what they share is in the others:

images, tables, videos, maps, classifiers
├── destinations      where it goes: Cloud Storage, Drive, an asset, BigQuery, a feature view
├── image_files       what the files of an image are like inside
├── feature_views     how a feature view is drawn
├── pixel_count       how many pixels a region has
└── fields            what every request has

https://developers.google.com/earth-engine/guides/exporting
"""
