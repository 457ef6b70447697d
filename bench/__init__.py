"""Speed, as ratios in one run against the raw limit and the stock library."""
