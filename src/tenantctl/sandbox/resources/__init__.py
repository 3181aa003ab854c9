"""What the API has: one module per area, each a tuple of routes made from descriptions."""
