"""What the office example is made of: invented people, real places, and sheets as streets write them."""
