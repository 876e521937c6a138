"""What the program keeps an eye on while it runs: its clock, its account, its replicas, the far sides."""
