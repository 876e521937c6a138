"""A Slack workspace on loopback: Web API, Socket Mode, interactivity and what each person sees of it."""
