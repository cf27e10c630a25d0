"""Identity cards issued, lost and found; personal numbers cancelled and established anew."""
