"""Black-box tests of the installed server: the real binary, the real yt-dlp, real clients, and the stand-in TikTok."""
