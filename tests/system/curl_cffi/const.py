import enum

import pycurl

CurlOpt = enum.IntEnum('CurlOpt', {name: getattr(pycurl, name) for name in (
    'CAINFO', 'CAPATH', 'HTTPPROXYTUNNEL', 'LOW_SPEED_LIMIT', 'LOW_SPEED_TIME', 'NOPROXY', 'PROXY', 'PROXY_CAINFO',
    'PROXY_SSL_VERIFYHOST', 'PROXY_SSL_VERIFYPEER', 'SSLCERT', 'SSLKEY', 'KEYPASSWD', 'VERBOSE')})


class CurlECode(enum.IntEnum):
    COULDNT_CONNECT = 7
    PARTIAL_FILE = 18
    SSL_CONNECT_ERROR = 35
    TOO_MANY_REDIRECTS = 47
    RECV_ERROR = 56
    PEER_FAILED_VERIFICATION = 60
    PROXY = 97
