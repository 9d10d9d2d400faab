"""When a load runs, and what keeps a dead one from standing in the way of the next."""
