"""The kinds of checks, one a file: what it can find, what it asks of the cloud, and how the answers are judged."""
