"""Policies are those that were reviewed: looked at every day, compared before they are given, and reviewed."""
