"""The methods of the API, a module for each of its resources: a checked call in, JSON or an answer out."""
