"""Programs that verify runs by their path, in processes of their own. Nothing imports them."""
