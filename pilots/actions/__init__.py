"""What partners and the team do in a pilot that matters: verbs, each atomic, with keywords only."""
