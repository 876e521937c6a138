"""A RAM user for somebody who has none: asked for, decided on, made, linked, and the next thing asked for."""
