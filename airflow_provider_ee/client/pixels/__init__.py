"""Fetch the pixels of images of any size, in bounded memory. Needs the extra `raster`.

calls                 what a user calls, and its arguments
├── options           the arguments about a file
├── plan              from arguments to what is fetched
│   ├── images        the image, its bands, and the request for some of its pixels
│   └── grids/        which pixels: a grid, its tiles, their requests
└── output            arrays, files, and what a download returns
    ├── mosaic        all tiles put together, in an array or a file
    │   ├── transfer  many requests at once, each checked and retried by itself
    │   ├── npy       from an answer to pixels
    │   └── staging   the tiles of a download that is not finished
    ├── geotiff       the file; its Cloud Optimized form
    └── preview       a small picture of it

pip install 'airflow-provider-ee[raster]'
"""
