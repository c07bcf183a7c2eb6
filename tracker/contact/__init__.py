"""What people without an account send us: forms that were sent, addresses to be confirmed."""
