"""Whether PAI-Rec can reach what it needs: what is looked at, what was found, and how that is judged."""
