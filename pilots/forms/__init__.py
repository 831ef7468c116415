"""What partners and the team fill in about a pilot."""
