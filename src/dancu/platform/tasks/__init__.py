"""Long work that survives a closed tab: a job with its progress, done by the worker, looked at by who started it."""
