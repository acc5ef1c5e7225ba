"""How texts are read: what looks the same is, without addresses and marks, as usually laid out."""
