"""The demo: people at their screens, playing the main jobs from end to end."""
