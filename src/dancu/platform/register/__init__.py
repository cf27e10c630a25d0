"""The register on the screen: search, person, household, behind one door that leaves a trace of every look."""
