"""The forms of partners, one file for each thing they make."""
