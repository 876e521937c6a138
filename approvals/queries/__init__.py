"""What a surface reads. Nothing here changes anything."""
