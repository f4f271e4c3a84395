#!/usr/bin/env bash
# Installs what is missing, builds, and starts the server until Ctrl-C.
#
#   scripts/run.sh [SETTING...]         SETTING as in: --port 8080 (scripts/run.sh --help lists them)
#   scripts/run.sh --demo [SETTING...]  with a TikTok of its own on this machine, and a curl line to try
set -euo pipefail
cd "$(dirname "$0")/.."

is_demo=false
if [ "${1:-}" = --demo ]; then
    is_demo=true
    shift
fi

scripts/install-deps.sh
cmake --preset release >/dev/null
cmake --build --preset release
cmake --install build/release --prefix build/release/prefix >/dev/null
server=build/release/prefix/bin/ttsave-server

show() { # the log, and once it says where the server listens what there is to try
    local line address
    trap '' INT TERM # the log goes on until the server has ended
    while IFS= read -r line; do
        printf '%s\n' "$line"
        [[ $line =~ 'listening on '([^\ \"]+) ]] || continue
        address=${BASH_REMATCH[1]/#0.0.0.0:/127.0.0.1:}
        address=${address/#\[::\]:/[::1]:}
        if curl -sfo /dev/null --noproxy '*' "http://$address/"; then
            printf '\nThe page is at http://%s/\n\n' "$address"
        fi
        ! $is_demo || show_demo "$address"
    done
}

show_demo() { # a curl line for the server at ADDRESS
    printf '\nTry this in another terminal; it saves a video in the current folder:\n\n  %s | \\\n  %s\n\n' \
        "curl -s http://$1/api/v3/download -H 'Content-Type: application/json' -d '{\"url\": \"https://vm.tiktok.com/ZMdemo\", \"download_content_type\": \"ORIGINAL\"}'" \
        "$(printf %q "$PWD/scripts/unpack.py")"
}

if ! $is_demo; then
    exec "$server" "$@" 2> >(show >&2)
fi

state=$PWD/build/demo
mkdir -p "$state"
# It ends with its standard input, and so with this script, however that ends.
coproc standin { cd tests && exec /usr/bin/python3 -B -m standin --state-dir "$state/standin" --demo; }
read -r addresses <&"${standin[0]}"
address() { /usr/bin/python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$addresses" "$1"; }

# The settings given come first, and the first one counts.
"$server" "$@" --address 127.0.0.1 --cache-dir "$state/cache" --proxy "$(address http_proxy)" \
    --ca-file "$(address ca_file)" 2> >(show >&2) &
trap 'kill -TERM $!' TERM INT
status=0
wait $! || status=$?
[ "$status" -gt 128 ] && { status=0; wait $! || status=$?; } # a signal ended the first wait, not the server
exit "$status"
