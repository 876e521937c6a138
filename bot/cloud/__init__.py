"""Adapters to Alibaba Cloud, one file a product."""
