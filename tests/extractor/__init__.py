"""Tests of the extractor: its rules as plain functions, and the real process with the real yt-dlp over pipes."""

import sys

from .process import PACKAGE_DIR

sys.path.insert(0, str(PACKAGE_DIR))
