"""ttsave-server, nginx and a FastAPI peer, measured in one run; see ../README.md."""
