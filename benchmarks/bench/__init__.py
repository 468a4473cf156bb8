"""`make bench`: what the product does a second, what a question costs, and how long things take, beside baselines."""
