"""What readers really make of each other's values, numbers, names and places, where the verdict is silent."""
