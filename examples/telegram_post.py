"""What a Telegram bot has to know about posts and files, whatever library it is written with."""

import re
from typing import NamedTuple

# What Telegram takes from bots: https://core.telegram.org/bots/api#sending-files and #sendmediagroup. A Bot API server
# of one's own takes 2000 MB.
MAX_PHOTO_BYTES = 10 * 1000 * 1000
MAX_FILE_BYTES = 50 * 1000 * 1000
MAX_ALBUM = 10

# The server takes links apart; this only finds them in a message. `tiktok.com/@user` and the like are for it to refuse.
_LINK = re.compile(r'(?<![\w.@-])(?:https?://)?(?:(?:www|m|vm|vt)\.)?(?:tiktok|tiktokv)\.com/[^\s<>"]+', re.IGNORECASE)

_KINDS = {'.mp4': 'video', '.jpg': 'photo', '.png': 'photo', '.webp': 'photo', '.mp3': 'audio', '.m4a': 'audio'}

# What a reader of the chat can make of an error. Translate at will; the codes stay.
_WORDS = {
    'post.private': 'Only its author, or their friends, can see this post.',
    'post.unavailable': 'This post was removed, or is not shown where my server is.',
    'post.login_required': 'TikTok shows this post only to who is logged in.',
    'post.unsupported': 'This is not a video or photo post.',
    'post.too_large': 'This post is too large.',
    'tiktok.blocked': 'TikTok turns my server away at the moment. Its owner can see why.',
    'tiktok.timeout': 'TikTok does not answer. Try again in a minute.',
    'tiktok.error': 'TikTok has a bad moment. Try again in a minute.',
    'media.unavailable': 'TikTok does not give the file. Try again in a minute.',
}


def links_in(text):
    """The TikTok links in a message, each once, in order."""
    return list(dict.fromkeys(_LINK.findall(text or '')))


class Album(NamedTuple):
    kind: str  # photo, video, audio or document
    files: list


def albums_of(paths, max_file_bytes=MAX_FILE_BYTES):
    """How to send files: neighbours of one kind together, at most ten at a time. Second, those that are too large."""
    albums, too_large = [], []
    for path in paths:
        size = path.stat().st_size
        if size > max_file_bytes:
            too_large.append(path)
            continue
        kind = _KINDS.get(path.suffix, 'document')
        if kind == 'photo' and size > MAX_PHOTO_BYTES:
            kind = 'document'
        if not albums or albums[-1].kind != kind or len(albums[-1].files) == MAX_ALBUM:
            albums.append(Album(kind, []))
        albums[-1].files.append(path)
    return albums, too_large


def words_for(error):
    """What to tell about a TTSaveError."""
    if error.status in (429, 503):
        return f'Too much to do right now. Try again in {error.retry_after_s or 60} seconds.'
    if error.status == 422:
        return 'This is not a link to a TikTok post.'
    return _WORDS.get(error.code, 'Something went wrong on my side. Try again later.')
