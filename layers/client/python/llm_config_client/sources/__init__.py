"""Where secrets are brought from: each source reads names and texts, and knows nothing of where they go."""
