"""The extractor process of TTSaveAPI: turns TikTok post URLs into lists of media sources, one job at a time.

It resolves and never downloads; what it says and is told is in PROTOCOL.md beside this package.
"""
