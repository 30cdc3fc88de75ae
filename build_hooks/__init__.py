"""What building the wheel makes: files that an installed Stook only loads."""
