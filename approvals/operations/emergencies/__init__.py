"""What is given at once in an emergency, and its review."""
