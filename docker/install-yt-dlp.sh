#!/usr/bin/env bash
# Installs the newest yt-dlp of PyPI with curl_cffi, with which it looks like a browser to TikTok, in a place of its
# own; as root, on Debian 13.
#
#   docker/install-yt-dlp.sh YT_DLP_SOURCE    pypi: into /opt/yt-dlp, whose bin/python3 has it. Otherwise that is empty
set -euo pipefail

install -d /opt/yt-dlp
[ "$1" = pypi ] || exit 0
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates python3-venv >/dev/null
python3 -m venv /opt/yt-dlp
/opt/yt-dlp/bin/pip install --quiet --no-cache-dir 'yt-dlp[default,curl-cffi]'
/opt/yt-dlp/bin/pip uninstall --quiet --yes pip
rm -rf /var/lib/apt/lists/*
