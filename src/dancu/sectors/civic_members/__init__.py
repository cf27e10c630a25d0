"""Members of the civic organisations: farmers, veterans, women, youth, the elderly, Red Cross."""
