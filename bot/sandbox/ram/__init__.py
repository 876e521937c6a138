"""A stand-in for one Alibaba Cloud account's RAM: same protocol, codes and limits, kept in memory, on loopback."""
