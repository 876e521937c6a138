"""Everything that the program can show in Slack, with the most and the longest in it that there may be."""
