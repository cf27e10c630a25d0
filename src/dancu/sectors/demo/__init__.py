"""The sector to copy: the smallest list that teaches the whole shape (`make sector NAME=…`)."""
