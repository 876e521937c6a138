"""The cloud's own record of calls is compared with ours: what we did not do, and what it does not know."""
