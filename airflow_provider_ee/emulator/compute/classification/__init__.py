"""Classifiers: decision trees, how they grow, and how they are stored."""
