"""The installed server under random faults for as long as one likes; see README.md."""
