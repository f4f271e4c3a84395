#!/usr/bin/env bash
# Saves a TikTok post with curl and what every GNU system has:
#
#   curl.sh LINK [FOLDER] [ORIGINAL|VIDEO_ONLY]
#
# The environment says which server, and with which key: API_URL=http://host:4347/api/v3 API_KEY=...
set -euo pipefail
export LC_ALL=C

link=$1 folder=${2:-.} content_type=${3:-ORIGINAL}
url=${API_URL:-http://127.0.0.1:4347/api/v3}
mkdir -p "$folder"
answer=$(mktemp -d "$folder/.ttsave.XXXXXX")
trap 'rm -rf "$answer"' EXIT

# A link that is text from elsewhere may hold what JSON wants escaped.
link=${link//\\/\\\\} link=${link//\"/\\\"} link=${link//[[:cntrl:]]/ }

# In a file, since everybody on the machine can read a command line.
[ -z "${API_KEY:-}" ] || printf 'Authorization: Bearer %s\n' "$API_KEY" >"$answer/key"

# curl writes to the disk as it comes, and fails where the answer is cut off.
status=$(curl --silent --show-error --connect-timeout 10 --speed-time 120 --speed-limit 1 \
    ${API_KEY:+--header "@$answer/key"} --header 'Content-Type: application/json' \
    --data "{\"url\": \"$link\", \"download_content_type\": \"$content_type\"}" \
    --dump-header "$answer/head" --output "$answer/body" --write-out '%{http_code}' "$url/download")

field() { sed -n "s/^$1: //Ip" "$answer/head" | tr -d '\r'; }

if [ "$status" != 200 ]; then
    code=$(sed -n 's/.*"code":"\([^"]*\)".*/\1/p' "$answer/body")
    case "$status $code" in
    *' post.private') echo 'post.private: only its author, or their friends, can see this post' >&2 ;;
    '429 ' | '503 ') echo "too much at a time: try again in $(field retry-after) s" >&2 ;;
    *) echo "${code:-$status}: $(cat "$answer/body")" >&2 ;;
    esac
    exit 1
fi

# Where the boundaries are in the body; behind each a head up to an empty line, then a file up to the next boundary.
boundary=$(field content-type | sed 's/.*boundary=//')
mapfile -t places < <(grep --text --only-matching --byte-offset --fixed-strings -- "--$boundary" "$answer/body" |
    cut -d: -f1)
bytes() { dd if="$answer/body" bs=1M iflag=skip_bytes,count_bytes skip="$1" count="$2" status=none; }
for ((i = 0; i + 1 < ${#places[@]}; ++i)); do
    bytes "${places[i]}" 1024 | sed '/^\r$/q' >"$answer/part"
    name=$(sed -n 's/.*filename="\([[:alnum:]_-][[:alnum:]._-]*\)".*/\1/p' "$answer/part")
    begin=$((places[i] + $(wc -c <"$answer/part")))
    bytes "$begin" "$((places[i + 1] - 2 - begin))" >"$answer/part"
    mv "$answer/part" "$folder/$name"
    echo "$folder/$name"
done
