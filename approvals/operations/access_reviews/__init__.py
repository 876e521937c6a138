"""Approvers go through what people have: it is collected, shared out, decided, and signed off."""
