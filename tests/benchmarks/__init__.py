"""The tools that measure are right about what they see."""
