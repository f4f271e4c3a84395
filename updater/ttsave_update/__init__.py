"""Brings a newer yt-dlp to ttsave-server while it runs, and takes it back if it is worse."""
