"""Measurements, as ratios within one run because machines are noisy: `.venv/bin/python -m tests.benchmarks`.

No assertion here is timed; the figures in the README name this command.
"""
