"""What people read: that its links lead somewhere, and that it agrees with the code and with itself."""
