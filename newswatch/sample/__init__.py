"""A newsroom of invented articles, served over HTTP, for the demo and the tests. Knows nothing of Django."""
