"""What keeps the installation running by itself: jobs of a dead worker are taken up again."""
