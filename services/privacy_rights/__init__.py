"""What customers may demand of what is kept about them: to see it, to take it along, to have it erased."""
