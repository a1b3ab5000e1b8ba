"""Rotations: what people ask for, and the steps that the product takes."""
