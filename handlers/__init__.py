"""What a person does in Slack becomes one operation, and then what they see. One file a surface."""
