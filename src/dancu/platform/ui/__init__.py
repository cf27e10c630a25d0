"""What every screen shares: components, formats, the navigation and the cards of the home page."""
