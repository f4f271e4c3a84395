#!/usr/bin/env node
// Saves a TikTok post with Node.js 18 or later, and nothing else:
//
//     node node.mjs LINK [FOLDER] [ORIGINAL|VIDEO_ONLY]
//
// The environment says which server, and with which key: API_URL=http://host:4347/api/v3 API_KEY=...
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const url = process.env.API_URL ?? 'http://127.0.0.1:4347/api/v3';
const key = process.env.API_KEY;

/** The server said no. `code` is the reason that programs go by, or null where the status says it all (401, 429...). */
class TTSaveError extends Error {
  constructor(status, code, detail, retryAfterS) {
    super(detail);
    Object.assign(this, { status, code, retryAfterS });
  }

  static async from(answer) {
    const { detail, code } = await answer.json().catch(() => ({}));
    // A list says what is wrong with the request.
    const words = Array.isArray(detail) ? detail.map((entry) => entry.msg).join('; ') : detail;
    const retryAfterS = Number(answer.headers.get('retry-after'));
    return new TTSaveError(answer.status, code ?? null, words ?? answer.statusText, retryAfterS);
  }
}

/** Writes the files of an answer to a folder as they arrive; one is called NAME.part until it is complete. */
async function writeFiles(answer, folder) {
  const delimiter = Buffer.from('\r\n--' + answer.headers.get('content-type').split('boundary=')[1]);
  const files = [];
  let buffer = Buffer.from('\r\n'); // so that the first boundary looks like all others
  let part = null;
  let inHead = false;
  let isComplete = false;
  await mkdir(folder, { recursive: true });
  try {
    for await (const piece of answer.body) {
      buffer = Buffer.concat([buffer, piece]);
      while (!isComplete) {
        if (inHead) {
          isComplete = buffer.subarray(0, 2).equals(Buffer.from('--'));
          const end = buffer.indexOf('\r\n\r\n');
          if (end < 0) break;
          const name = /filename="([\w-][\w.-]*)"/.exec(buffer.subarray(0, end).toString('latin1'))[1];
          buffer = buffer.subarray(end + 4);
          part = { path: join(folder, name), file: await open(join(folder, `${name}.part`), 'w') };
          inHead = false;
        } else {
          const end = buffer.indexOf(delimiter);
          // The last bytes may be the first ones of a boundary: they wait for the next piece.
          const size = end >= 0 ? end : Math.max(0, buffer.length - delimiter.length + 1);
          if (size > 0) await part?.file.writeFile(buffer.subarray(0, size));
          buffer = buffer.subarray(end >= 0 ? end + delimiter.length : size);
          if (end < 0) break;
          if (part) {
            await part.file.close();
            await rename(`${part.path}.part`, part.path);
            files.push(part.path);
            part = null;
          }
          inHead = true;
        }
      }
    }
    if (!isComplete) throw new Error('the download broke off');
    return files;
  } finally {
    if (part) {
      await part.file.close();
      await unlink(`${part.path}.part`);
    }
  }
}

async function download(link, folder = '.', contentType = 'ORIGINAL') {
  const answer = await fetch(`${url}/download`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ url: link, download_content_type: contentType }),
  });
  if (answer.status !== 200) throw await TTSaveError.from(answer);
  const post = JSON.parse(Buffer.from(answer.headers.get('content-meta'), 'base64').toString());
  return { post, files: await writeFiles(answer, folder) };
}

try {
  const { post, files } = await download(...process.argv.slice(2));
  console.log([post.title || post.desc, ...files].join('\n'));
} catch (error) {
  const reason = error.code ?? error.status ?? 'the server cannot be reached, or broke off';
  if (error.code === 'post.private') console.error(`${reason}: only its author, or their friends, can see this post`);
  else if (error.retryAfterS) console.error(`${error.message}: try again in ${error.retryAfterS} s`);
  else console.error(`${reason}: ${error.message}`);
  process.exitCode = 1;
}
