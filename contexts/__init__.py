"""What the model is told for one turn; pure functions, rows in and messages out."""
