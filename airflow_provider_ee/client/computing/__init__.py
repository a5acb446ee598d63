"""Compute values, features and images at once, without starting an operation."""
