"""What agencies owe: recommendations and commitments, their steps, and what falls due of them."""
