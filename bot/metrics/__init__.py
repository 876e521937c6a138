"""What a monitoring system is told, as Prometheus asks for it: https://prometheus.io/docs/practices/naming/.

No label has a person, a reason or a request's number in it, and each has few values.
"""
