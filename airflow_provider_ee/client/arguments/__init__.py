"""One argument at a time: check it and bring it to the form that the API takes."""
