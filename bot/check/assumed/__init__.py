"""What is assumed of Alibaba Cloud, tried on the account: what a read can confirm or refute has a probe here, and of
everything else it is said why none can.
"""
