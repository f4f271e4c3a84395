#!/usr/bin/env bash
# Installs what the image runs, and makes the user that runs it; as root, on Debian 13, in an image that is being built.
#
#   docker/install-runtime.sh FFMPEG YT_DLP_SOURCE    each as the Dockerfile's argument of that name
set -euo pipefail
folder=$(dirname "$0")

elsewhere=()
packages=(tini)
case $1 in
slideshow) # the libraries of build-ffmpeg.sh's
    elsewhere+=(--without ffmpeg)
    packages+=(libdav1d7 libx264-164 zlib1g) ;;
debian) ;;
*) echo "FFMPEG is slideshow or debian" >&2; exit 2 ;;
esac
case $2 in
debian) ;;
pypi) elsewhere+=(--without yt-dlp) ;;
*) echo "YT_DLP_SOURCE is debian or pypi" >&2; exit 2 ;;
esac

"$folder/install-deps.sh" --runtime "${elsewhere[@]}"
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null

# The number, by which Kubernetes sees that it is not root, is one that no package takes.
useradd --uid 10001 --user-group --home-dir /var/lib/ttsave --shell /usr/sbin/nologin ttsave
install -d -o ttsave -g ttsave -m 0700 /var/cache/ttsave
install -d -o ttsave -g ttsave -m 0755 /var/lib/ttsave
rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/cache/ldconfig/* /var/log/*.log /var/log/apt
