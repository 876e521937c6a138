"""RAM policy documents: read as RAM reads them, and judged for one action at a time. Pure functions."""
