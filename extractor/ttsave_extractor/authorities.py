"""Whom curl_cffi trusts, where it is installed."""

import ssl


def share_with_curl():
    """Has yt-dlp's curl_cffi handler trust the authorities that everything else here trusts: the system's, and those of
    the file that SSL_CERT_FILE names. By itself it takes certifi's, or that file's alone."""
    try:
        from curl_cffi.const import CurlOpt
        from yt_dlp.networking._curlcffi import CurlCFFIRH
    except ImportError:
        return  # it is not there, or not one that this yt-dlp can use
    paths = ssl.get_default_verify_paths()
    create = CurlCFFIRH._create_instance

    def create_instance(self, cookiejar=None):
        session = create(self, cookiejar=cookiejar)
        session.verify = paths.cafile or True
        if paths.capath:
            session.curl_options = {**(session.curl_options or {}), CurlOpt.CAPATH: paths.capath}
        return session

    CurlCFFIRH._create_instance = create_instance
