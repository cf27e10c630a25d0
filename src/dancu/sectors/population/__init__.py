"""The commune police's list of residents: the base that every other list is compared with."""
