"""The Party group (局党组): who its members are and were; what its registers are called."""
