"""The web site's frame: settings, addresses, middleware, base templates. It knows every app; no app knows it."""
