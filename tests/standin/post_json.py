"""The JSON in a post's page, as www.tiktok.com writes it and yt-dlp reads it."""

from collections.abc import Sequence
from typing import NamedTuple

from .placement import Placed

CREATE_TIME = 1_700_000_000
STATUS_MESSAGES = {0: "", 10204: "item doesn't exist", 10216: "item is private", 10222: "author is private"}
CODEC_TYPES = {"h264": "h264", "bytevc1": "h265_hvc1", "bytevc2": "h266"}


class Parts(NamedTuple):
    """The media of a post."""

    formats: Sequence[Placed] = ()
    play: Placed | None = None
    download: Placed | None = None
    music: Placed | None = None
    images: Sequence[Placed] = ()


def page_json(item: dict, status_code: int = 0) -> dict:
    """The whole `__UNIVERSAL_DATA_FOR_REHYDRATION__`."""
    return {"__DEFAULT_SCOPE__": {
        "webapp.app-context": {"language": "en", "region": "US", "appId": 1988, "user": {}, "isMobile": False},
        "webapp.biz-context": {"os": "linux", "isMobile": False, "domains": {"webApp": "www.tiktok.com"}},
        "seo.abtest": {"canonical": "https://www.tiktok.com/", "parameters": {}, "vidList": []},
        "webapp.video-detail": {
            "itemInfo": {"itemStruct": item} if item else {},
            "shareMeta": {"title": "TikTok", "desc": item.get("desc", "")},
            "statusCode": status_code,
            "statusMsg": STATUS_MESSAGES.get(status_code, "error"),
        },
    }}


def classified_item(post: dict) -> dict:
    return {**_item_head(post), "isContentClassified": True}


def item_struct(post: dict, parts: Parts) -> dict:
    """`post` is what the README calls a post, with its defaults filled in."""
    item = {**_item_head(post), "video": _video(post, parts), "music": _music(post, parts.music)}
    if parts.images:
        item["imagePost"] = {
            "images": [_image(image) for image in parts.images],
            "cover": _image(parts.images[0]), "shareCover": _image(parts.images[0]), "title": "",
        }
    return item


def _item_head(post: dict) -> dict:
    return {
        "id": post["id"],
        "desc": post["desc"],
        "createTime": str(CREATE_TIME),
        "scheduleTime": 0,
        "author": {"id": "6974687867511718913", "shortId": "", "uniqueId": post["user"], "nickname": post["nickname"],
                   "signature": "", "verified": False, "secUid": "MS4wLjABAAAAstandin", "privateAccount": False},
        "stats": {"diggCount": 1200, "shareCount": 34, "commentCount": 56, "playCount": 78900, "collectCount": "12"},
        "challenges": [], "textExtra": [], "locationCreated": "US", "privateItem": False, "secret": False,
        "isAd": False, "itemMute": False, "CategoryType": 100, "textLanguage": "en",
    }


def _video(post: dict, parts: Parts) -> dict:
    bitrates = [_bitrate_info(post["id"], placed) for placed in parts.formats]
    main = bitrates[0]["PlayAddr"] if bitrates else {"Width": 720, "Height": 1280}
    return {
        "id": post["id"],
        "width": main["Width"],
        "height": main["Height"],
        "duration": 0 if parts.images else post["duration"],
        "ratio": f"{main['Width']}p",
        "format": "mp4",
        "videoQuality": "normal",
        "encodedType": "normal",
        "cover": "", "originCover": "", "dynamicCover": "",
        "playAddr": _play_address(parts),
        "downloadAddr": parts.download.urls[0] if parts.download else "",
        "bitrateInfo": bitrates,
        "subtitleInfos": [],
        "zoomCover": {},
    }


def _play_address(parts: Parts) -> str | list[dict]:
    """One of the formats' addresses, unless the post says otherwise; a list only for several."""
    if not parts.play:
        return parts.formats[0].urls[0] if parts.formats else ""
    if len(parts.play.urls) == 1:
        return parts.play.urls[0]
    return [{"src": url} for url in parts.play.urls]


def _bitrate_info(post_id: str, placed: Placed) -> dict:
    spec = placed.spec
    codec, resolution, bitrate = spec.get("codec", "h264"), spec.get("res", "720p"), spec.get("bitrate", 900_000)
    name = f"v0200fg10000{post_id}"
    # TikTok's "540p" is 576 wide.
    width = {"540p": 576}.get(resolution) or int(resolution.removesuffix("p"))
    return {
        "Bitrate": bitrate,
        "CodecType": CODEC_TYPES[codec],
        "Format": "mp4",
        "GearName": f"normal_{resolution.removesuffix('p')}_0",
        "QualityType": 10,
        "MVMAF": "",
        "PlayAddr": {
            "DataSize": str(spec.get("data_size", len(placed.medium.data))),
            "FileCs": "c:0-0-0000",
            "FileHash": placed.medium.etag,
            "Width": width,
            "Height": width * 16 // 9,
            "Uri": name,
            "UrlKey": f"{name}_{codec}_{resolution}_{bitrate}",
            "UrlList": placed.urls,
        },
    }


def _music(post: dict, placed: Placed | None) -> dict:
    return {
        "id": "6892427486425041665",
        "title": "original sound",
        "authorName": post["nickname"],
        "playUrl": placed.urls[0] if placed else "",
        "album": "",
        "duration": post["duration"],
        "original": True,
        "private": False,
    }


def _image(placed: Placed) -> dict:
    return {"imageURL": {"urlList": placed.urls}, "imageWidth": placed.spec.get("width", 1080),
            "imageHeight": placed.spec.get("height", 1440)}
