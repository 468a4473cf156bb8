"""The guards that every update passes before a handler sees it; whatever fails in one of them refuses."""
