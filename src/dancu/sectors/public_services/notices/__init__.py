"""What the applicant is told of each step: an outbox in the transaction, channels, never personal data."""
