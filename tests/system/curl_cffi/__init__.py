"""As much of curl_cffi's interface as yt-dlp uses, made of Debian's pycurl: it does the same with libcurl, a stream being
the work of a thread, but has a fingerprint of nobody's.

Not for import by tests: they give a copy to an extractor.
"""

__version__ = '0.14.0'
