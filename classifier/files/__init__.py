"""Files wherever they are: found, opened, unpacked, written whole; and what is wrong with them."""
