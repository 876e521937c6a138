"""Where a refusal becomes a sentence: what is the matter, and what the person can do about it. A table for each module
of `approvals.refusals`, and a function where one sentence is not enough.
"""
