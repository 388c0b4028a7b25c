"""Measurements, as ratios against a limit in the same run. Nothing here is a test; `script/bench` runs it."""
