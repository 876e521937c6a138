"""An OSS for the audit trail's anchors: buckets with retention, and the calls that put, list and read objects."""
