"""What acting decides by itself."""
