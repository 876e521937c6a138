"""The decision core: who may ask, who may decide, what must be true in the cloud, and the record of it all.

It knows no Slack, no cloud SDK and no clock of its own; it reads and writes its ledger and nothing else.
"""
