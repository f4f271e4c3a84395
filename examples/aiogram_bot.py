#!/usr/bin/env python3
"""A Telegram bot that answers TikTok links with the files behind them (pip install aiogram; version 3):

    BOT_TOKEN=... API_URL=http://host:4347/api/v3 API_KEY=... aiogram_bot.py

With a Bot API server of your own, which takes files of up to 2000 MB: TELEGRAM_API_URL=http://host:8081
"""

import asyncio
import logging
import os
import tempfile

import aiohttp
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.types import FSInputFile, InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo, Message
from aiogram.utils.chat_action import ChatActionSender

from python_aiohttp import download, new_session
from telegram_post import MAX_FILE_BYTES, albums_of, links_in, words_for
from ttsave_answer import BrokenOff, TTSaveError

TELEGRAM_API_URL = os.environ.get('TELEGRAM_API_URL')
MAX_BYTES = 2000 * 1000 * 1000 if TELEGRAM_API_URL else MAX_FILE_BYTES

# How many posts are worked on at a time; who comes later sees "sending a video..." a little longer.
AT_A_TIME = asyncio.Semaphore(8)

ALBUM_OF = {'photo': InputMediaPhoto, 'video': InputMediaVideo, 'audio': InputMediaAudio,
            'document': InputMediaDocument}

dispatcher = Dispatcher()


@dispatcher.message(F.text | F.caption)
async def on_message(message: Message, bot: Bot, ttsave: aiohttp.ClientSession):
    links = links_in(message.text or message.caption)
    if not links and message.chat.type == 'private':
        await message.answer('Send me a link to a TikTok post.')
    for link in links:
        # Telegram forgets such a notice after five seconds; this renews it until the block ends.
        async with ChatActionSender(bot=bot, chat_id=message.chat.id, action='upload_video'), AT_A_TIME:
            await answer_link(message, link, ttsave)


async def answer_link(message, link, ttsave):
    with tempfile.TemporaryDirectory() as folder:
        try:
            _, files = await download(ttsave, link, folder)
            albums, too_large = albums_of(files, MAX_BYTES)
            for album in albums:
                await with_patience(send, message, album)
            for file in too_large:
                size, limit = (count // 1_000_000 for count in (file.stat().st_size, MAX_BYTES))
                await message.reply(f'{file.name} has {size} MB; Telegram takes {limit} MB from bots.')
        except TTSaveError as error:
            await message.reply(words_for(error))
        except (BrokenOff, aiohttp.ClientError, asyncio.TimeoutError):
            logging.exception('no answer about %s', link)
            await message.reply('My server did not bring it to an end. Try again in a minute.')
        except TelegramAPIError:
            logging.exception('Telegram did not take %s', link)
            await message.reply('Telegram did not take the files.')


async def with_patience(send_it, *words):
    """Sends, and once more when Telegram says that it was too much at a time."""
    try:
        await send_it(*words)
    except TelegramRetryAfter as error:
        await asyncio.sleep(error.retry_after)
        await send_it(*words)


async def send(message, album):
    files = [FSInputFile(path) for path in album.files]  # read in pieces while it is sent
    if len(files) > 1:
        await message.reply_media_group([ALBUM_OF[album.kind](media=file) for file in files])
    elif album.kind == 'video':
        await message.reply_video(files[0], supports_streaming=True)
    elif album.kind == 'photo':
        await message.reply_photo(files[0])
    elif album.kind == 'audio':
        await message.reply_audio(files[0])
    else:
        await message.reply_document(files[0])


async def main():
    server = TelegramAPIServer.from_base(TELEGRAM_API_URL) if TELEGRAM_API_URL else PRODUCTION
    bot = Bot(os.environ['BOT_TOKEN'], session=AiohttpSession(api=server))
    async with new_session() as ttsave:
        await dispatcher.start_polling(bot, ttsave=ttsave)


if __name__ == '__main__':
    logging.basicConfig(level=logging.INFO)
    asyncio.run(main())
