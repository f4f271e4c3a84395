"""What a photo post consists of: yt-dlp fetches its description but lists only the sound."""

from .failures import Failed
from .formats import MAX_SOURCES, is_web_url


def images(detail):
    """The post's images as TikTok describes them, in order; none for a video."""
    image_post = detail.get('imagePost')
    listed = image_post.get('images') if isinstance(image_post, dict) else None
    return listed if isinstance(listed, list) else []


def addresses(image):
    """Where the photo can be had from, the first choice first; Failed when nowhere: no set is delivered without it."""
    try:
        listed = image['imageURL']['urlList']
    except (KeyError, TypeError):
        listed = None
    urls = [f'https:{url}' if isinstance(url, str) and url.startswith('//') else url
            for url in (listed if isinstance(listed, list) else [])]
    urls = [url for url in urls if is_web_url(url)][:MAX_SOURCES]
    if not urls:
        raise Failed('media.unavailable', 'a photo of the post has no address on the web')
    return urls


def sound_formats(formats):
    """Those of yt-dlp's formats that hold the post's sound, the first choice first; none when it has no sound.

    Of a photo post `video.playAddr` holds its music as well, although yt-dlp takes it for an H.264 video.
    """
    playable = [fmt for fmt in formats or () if is_web_url(fmt.get('url'))]
    music = [fmt for fmt in playable if fmt.get('vcodec') == 'none']
    play = [fmt for fmt in playable if fmt.get('format_id') == 'play']
    return (music + play)[:MAX_SOURCES]
