"""Buttons and submitted forms, one surface a file."""
