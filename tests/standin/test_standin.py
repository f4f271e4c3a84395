"""All tests of the stand-in: python3 -m unittest standin.test_standin, in the folder above."""

import unittest

from . import test_cdn, test_doors, test_media, test_pages, test_proxies


def load_tests(loader: unittest.TestLoader, _tests, _pattern) -> unittest.TestSuite:
    return unittest.TestSuite(loader.loadTestsFromModule(module)
                              for module in (test_pages, test_cdn, test_proxies, test_doors, test_media))
