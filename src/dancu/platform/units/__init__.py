"""Units in time: their scores, the map, who is behind, the rules behind the scores, and changes of units."""
