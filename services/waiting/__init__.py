"""The customer's side of the desk: the place in the queue, what to do meanwhile, and what is offered when it is closed."""
