"""Which rendition of a video its users are served best by, and where it can be had from."""

# Beyond these many alternatives, a further one has never helped: it only prolongs the wait for an error.
MAX_SOURCES = 8

# bytevc2 is ByteDance's own H.266; nothing plays it.
_UNPLAYABLE = ('bytevc2',)


def has_sound(fmt):
    return fmt.get('acodec') != 'none'


def is_playable_video(fmt):
    return fmt.get('vcodec') not in (None, 'none', *_UNPLAYABLE)


def _is_watermarked(fmt):
    return fmt.get('format_note') == 'watermarked'


def _short_side(fmt):
    return min(fmt.get('width') or 0, fmt.get('height') or 0)


def _rank(fmt):
    """Sort key, best first: sound before none, H.264 before HEVC, clean before watermarked, then resolution.

    Between equal ones the smaller file wins, since what downloads faster serves a bot's users better
    (shared/tiktok.md, "Reading PyTTSave's side"); a format that does not tell its size comes after those that do.
    """
    size = fmt.get('filesize')
    return (
        not has_sound(fmt),
        fmt.get('vcodec') != 'h264',
        _is_watermarked(fmt),
        -_short_side(fmt),
        size is None,
        size or 0,
    )


def ranked(formats):
    """The playable video formats, best first; the hosts of one format keep the order in which the page names them."""
    playable = [fmt for fmt in formats or () if is_playable_video(fmt) and is_web_url(fmt.get('url'))]
    if any(has_sound(fmt) for fmt in playable):
        playable = [fmt for fmt in playable if has_sound(fmt)]
    return sorted(playable, key=_rank)[:MAX_SOURCES]


def is_web_url(url):
    return isinstance(url, str) and url.lower().startswith(('http://', 'https://'))
