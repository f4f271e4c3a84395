"""What several modules assert of a download."""

from .clients import StrictDownload, order, post_json, strict_download
from .wire import CutOff

NO_FILES = 'No files available for download'


def assert_no_files(address, link, code, content_type='ORIGINAL'):
    """The post gives the documented 400 with that code."""
    answer = post_json(address, order(link, content_type))
    assert answer.status == 400, answer
    assert (answer.json['detail'], answer.json['code']) == (NO_FILES, code), f'expected {code}: {answer}'


def assert_delivered(address, link, content, **options):
    """The post arrives as exactly these bytes, in one video. Returns the download."""
    download = strict_download(address, link, **options)
    assert [part.media_type for part in download.parts] == ['video/mp4'], download.head.fields
    assert_same(download.parts[0].data, content)
    return download


def assert_cut_off(address, link, content):
    """The download begins and breaks off without the last chunk; what came is the beginning of `content`."""
    download = download_or_beginning(address, link)
    assert download.was_cut_off, f'{download.received} bytes came to a proper end'
    assert_same(download.parts[0].data, content[:download.received])
    return download


def assert_delivered_or_cut_off(address, link, content):
    """Whole or broken off: both are honest; a wrong byte is not."""
    download = download_or_beginning(address, link)
    assert_same(download.parts[0].data, content[:download.received] if download.was_cut_off else content)
    return download


def download_or_beginning(address, link):
    """A download that has begun, as far as it came; its `was_cut_off` tells how it ended."""
    with StrictDownload(address, link) as download:
        download.read_head()
        try:
            download.read_rest()
            download.was_cut_off = False
        except CutOff:
            download.was_cut_off = True
        return download


def assert_same(data, content):
    """The bytes are equal; says no more than where they are not, for they may be many."""
    if data != content:
        differences = (at for at, (one, other) in enumerate(zip(data, content)) if one != other)
        same = next(differences, min(len(data), len(content)))
        raise AssertionError(f'{len(data)} bytes instead of {len(content)}, different from byte {same} on')
