"""The programs of examples/, run as users run them against the installed server; see README.md."""
