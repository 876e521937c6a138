"""What no request accounts for: looked at every day, told once, and what approvers say of it."""
