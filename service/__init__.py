"""A BPM service that knows nothing of education: it deploys diagrams and runs what they say."""
