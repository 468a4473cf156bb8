"""The customer's side of the desk: a place in the queue, what to do meanwhile, what is offered while it is closed."""
