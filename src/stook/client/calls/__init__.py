"""Every call of the SDK as a value, without sending anything."""
