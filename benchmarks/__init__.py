"""Measurements: each prints a table with the machine it ran on. None of them is a test."""
