"""The posts that a soak asks for: what is wrong with each, what it consists of, and what may come of it."""

import random
from typing import NamedTuple

from system.fixture import CDN, OTHER_CDN, OTHER_PHOTO_CDN, PHOTO_CDN, fresh_id

DELIVERED, CUT_OFF = 'delivered', 'cut off'
ORIGINAL, VIDEO_ONLY = 'ORIGINAL', 'VIDEO_ONLY'

VIDEOS = {'small.mp4': 50, 'other.mp4': 20, 'medium.mp4': 20, 'boundary_head.mp4': 5, 'boundary_tail.mp4': 5}
PHOTOS = ('tiny.jpg', 'square.jpg', 'photo1.jpg', 'photo.webp')
SOUNDS = ('sound.m4a', 'sound.mp3', None)

# The page's answer, and what has to come of it.
DEAD = (
    ({'status_code': 10222}, 'post.private'),
    ({'status_code': 10204}, 'post.unavailable'),
    ({'page': {'behaviour': 'no_item'}}, 'post.unavailable'),
    ({'page': {'behaviour': 'login'}}, 'post.login_required'),
    ({'page': {'behaviour': 'classified'}}, 'post.login_required'),
)
PAGE_FAULTS = (
    *(({'behaviour': behaviour}, {'tiktok.error'}) for behaviour in ('http:503', 'reset', 'truncate')),
    *(({'behaviour': behaviour}, {'tiktok.blocked'})
      for behaviour in ('garbage', 'please_wait', 'unsolvable', 'empty', 'http:403', 'http:429')),
    # Whoever comes after the first request has failed gets the post.
    *(({'behaviour': behaviour, 'times': 1}, {DELIVERED}) for behaviour in ('http:500', 'reset', 'truncate')),
    ({'behaviour': 'challenge'}, {DELIVERED}),
    ({'behaviour': 'hang'}, {'tiktok.timeout'}),
    ({'behaviour': 'drip'}, {'tiktok.timeout'}),
)
HELD_UP = ('hang', 'drip')

# A source that gives nothing, ever.
BARREN = ('http:404', 'http:403', 'http:500', 'http:503', 'html', 'empty', 'reset', 'hang')
# One that gives the file in the end; {N} is somewhere in the middle.
BROKEN = ('truncate:{N}', 'reset:{N}', 'stall:{N}')
# With one of these what has arrived may have to be given up.
DUBIOUS = ({'etag': None}, {'etag': 'weak'}, {'etag': 'new'}, {'ranges': 'ignored'}, {'ranges': 'other'},
           {'ranges': 'swap'}, {'ranges': '416'}, {'ranges': 'wrong_total'}, {'length': False})


class Post(NamedTuple):
    """`media` are the stand-in's files in the order in which they are sent."""

    id: str
    links: list
    media: tuple
    is_photos: bool
    fault: str
    outcomes: frozenset

    @property
    def holds_up_an_extractor(self):
        return self.fault in HELD_UP

    def has_video_made(self, mode):
        return self.is_photos and mode == VIDEO_ONLY


def middle(media, draw):
    return draw.randrange(50_000, 150_000) if media not in ('medium.mp4', 'boundary_tail.mp4') \
        else draw.randrange(50_000, 4_000_000)


class World:
    """What the stand-in plays. Everything about it follows from the seed; `renew` gives the next."""

    def __init__(self, standin, seed, count):
        self._standin = standin
        self._draw = random.Random(f'{seed} world')
        self._count = count
        # Some are asked for again and again in every world, always in good health and always the same.
        self._lasting = [(fresh_id(), self._draw_video()) for _ in range(count // 6)]
        self._codes = 0

    def renew(self):
        """Forgets every post and the stand-in's log, which would grow without end, and adds as many others."""
        self._standin.reset()
        self.posts = [self._add(post_id, (media,), 'none', {DELIVERED}, formats=[self._healthy(media)])
                      for post_id, media in self._lasting]
        makers = {self._video: 30, self._dead: 8, self._page_fault: 14, self._one_source: 14, self._no_source: 8,
                  self._broken: 14, self._slow: 6, self._photos: 12, self._photo_fault: 6}
        for maker in self._draw.choices(list(makers), makers.values(), k=self._count - len(self.posts)):
            self.posts.append(maker())

    # Kinds of posts

    def _video(self):
        media = self._draw_video()
        return self._add(fresh_id(), (media,), 'none', {DELIVERED}, formats=[self._healthy(media)])

    def _dead(self):
        spec, code = self._draw.choice(DEAD)
        return self._add(fresh_id(), (), 'dead', {code}, **spec)

    def _page_fault(self):
        page, outcomes = self._draw.choice(PAGE_FAULTS)
        media = self._draw_video()
        return self._add(fresh_id(), (media,), page['behaviour'], outcomes, page=page,
                         formats=[self._healthy(media)])

    def _one_source(self):
        media, behaviour = self._draw_video(), self._draw.choice(BARREN)
        hosts = [{'host': CDN, 'behaviour': behaviour}, {'host': OTHER_CDN}]
        return self._add(fresh_id(), (media,), f'one host {behaviour}', {DELIVERED},
                         formats=[{'media': media, 'hosts': hosts}])

    def _no_source(self):
        media, behaviour = self._draw_video(), self._draw.choice(BARREN)
        hosts = [{'host': CDN, 'behaviour': behaviour}, {'host': OTHER_CDN, 'behaviour': self._draw.choice(BARREN)}]
        return self._add(fresh_id(), (media,), f'hosts {behaviour}', {'media.unavailable'},
                         formats=[{'media': media, 'hosts': hosts}])

    def _broken(self):
        media = self._draw_video()
        behaviour = self._draw.choice(BROKEN).format(N=middle(media, self._draw))
        traits = self._draw.choice(({}, self._draw.choice(DUBIOUS)))
        outcomes = {DELIVERED, CUT_OFF, 'media.unavailable'} if traits else {DELIVERED}
        hosts = [{'host': CDN, 'behaviour': behaviour, **traits}]
        return self._add(fresh_id(), (media,), behaviour.partition(':')[0] + ' in the middle', outcomes,
                         formats=[{'media': media, 'hosts': hosts}])

    def _slow(self):
        media = self._draw.choice(('small.mp4', 'other.mp4'))
        rate = self._draw.randrange(30_000, 200_000)
        return self._add(fresh_id(), (media,), 'slow', {DELIVERED},
                         formats=[{'media': media, 'hosts': [{'host': CDN, 'behaviour': f'slow:{rate}'}]}])

    def _photos(self, fault='none', outcomes=(DELIVERED,), **host):
        photos = self._draw.choices(PHOTOS, k=self._draw.randrange(1, 5))
        sound = self._draw.choice(SOUNDS)
        images = [{'media': media} for media in photos]
        if host:
            self._draw.choice(images)['hosts'] = [{'host': PHOTO_CDN, **host}, {'host': OTHER_PHOTO_CDN}]
        music = {'music': {'media': sound}} if sound else {}
        media = (*photos, *([sound] if sound else []))
        return self._add(fresh_id(), media, fault, outcomes, is_photos=True, images=images, **music)

    def _photo_fault(self):
        behaviour = self._draw.choice(BARREN)
        return self._photos(f'one host {behaviour}', (DELIVERED,), behaviour=behaviour)

    # What they are made of

    def _draw_video(self):
        return self._draw.choices(list(VIDEOS), VIDEOS.values())[0]

    @staticmethod
    def _healthy(media):
        return {'media': media, 'hosts': [{'host': CDN}, {'host': OTHER_CDN}]}

    def _add(self, post_id, media, fault, outcomes, is_photos=False, **spec):
        link = self._standin.add_post(id=post_id, **spec)
        # The boundary that shows only at the file's end is found before the head leaves, or else ends the response.
        if 'boundary_tail.mp4' in media and DELIVERED in outcomes:
            outcomes, fault = {*outcomes, CUT_OFF}, f'{fault} + boundary' if fault != 'none' else 'boundary at the end'
        links = [link, f'https://www.tiktokv.com/share/video/{post_id}', f'look: {link}?_t=1#fun']
        if self._draw.random() < 0.3:
            self._codes += 1
            links.append(self._standin.add_link(host='vm.tiktok.com', code=f'ZMsoak{self._codes}', location=link))
        return Post(post_id, links, media, is_photos, fault, frozenset(outcomes))
