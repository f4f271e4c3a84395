#!/usr/bin/env bash
# Draws the PNG icons that phones want from public/favicon.svg, with Debian's Chromium. Run it when the SVG has changed.
set -euo pipefail
cd "$(dirname "$0")/public"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

draw() { # draw NAME PIXELS: the SVG on standard input as NAME.png
    { printf '<!doctype html><style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>'; cat; } \
        >"$scratch/icon.html"
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$scratch/profile" \
        --default-background-color=00000000 --window-size="$2,$2" --screenshot="$PWD/$1.png" \
        "file://$scratch/icon.html" 2>/dev/null
}

draw icon-192 192 <favicon.svg
draw icon-512 512 <favicon.svg
# A system that cuts icons into its own shape keeps the inner four fifths of one that fills its square.
sed -e 's/viewBox="[^"]*"/viewBox="-9 -9 82 82"/' -e 's/<rect [^>]*fill=/<rect x="-9" y="-9" width="82" height="82" fill=/' \
    favicon.svg | draw icon-maskable-512 512
