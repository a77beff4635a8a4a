"""A BPM service that knows nothing of education: it deploys diagrams, runs them and shows their tasks."""
