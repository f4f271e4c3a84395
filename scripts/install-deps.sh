#!/usr/bin/env bash
# Installs what building, running and testing need on Debian 12 or 13 (as root, or through sudo). Packages that are
# there already cost nothing: the script asks dpkg before it asks apt.
#
#   scripts/install-deps.sh            everything
#   scripts/install-deps.sh --build    only what building the server needs, without its page
#   scripts/install-deps.sh --page     only what building the page needs
#   scripts/install-deps.sh --runtime [--without PACKAGE]...
#                                      only what the installed server needs, without what comes from elsewhere
#   scripts/install-deps.sh --bench    what bench/run.sh compares the server with
#   scripts/install-deps.sh --fuzz     what scripts/fuzz.sh needs besides everything
#   scripts/install-deps.sh --coverage what scripts/coverage.sh needs besides everything
#   scripts/install-deps.sh --image    what docker/test-image.sh needs besides everything
set -euo pipefail

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

missing() { # prints those of its arguments that are not installed
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
    done
}

install() {
    local packages
    mapfile -t packages < <(missing "$@")
    [ "${#packages[@]}" = 0 ] && return
    echo "installing: ${packages[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# An older yt-dlp than trixie-backports' does not solve TikTok's JavaScript challenge. Its dependencies are unversioned,
# so the package installs on Debian 12 as well; the pin keeps everything else out.
add_backports() {
    local list=/etc/apt/sources.list.d/ttsave-backports.sources
    [ -e "$list" ] && return
    as_root apt-get update -qq
    local uri
    uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' | sed -n 1p)
    [ -n "$uri" ] || { echo "no Debian package source is configured on this machine" >&2; exit 1; }
    printf '%s\n' 'Types: deb' "URIs: $uri" 'Suites: trixie-backports' 'Components: main' \
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' | as_root tee "$list" >/dev/null
    printf '%s\n' 'Package: *' 'Pin: release n=trixie-backports' 'Pin-Priority: 1' '' \
        'Package: yt-dlp' 'Pin: release n=trixie-backports' 'Pin-Priority: 990' |
        as_root tee /etc/apt/preferences.d/ttsave-backports >/dev/null
}

case "$(. /etc/os-release && echo "${ID:-}-${VERSION_ID:-}")" in
debian-12) # its default clang, 14, knows no C++20 coroutines
    boost=1.81 boost_runtime=1.81.0 fmt=9 spdlog=1.10 curl=libcurl4 ssl=libssl3 clang=16 ;;
debian-13) boost='' boost_runtime=1.83.0 fmt=10 spdlog=1.15 curl=libcurl4t64 ssl=libssl3t64 clang=19 ;;
*) echo "this script knows Debian 12 and 13; elsewhere, install by hand what README.md names" >&2; exit 1 ;;
esac

run=(python3 python3-pip-whl ca-certificates yt-dlp ffmpeg)
libraries=("libboost-filesystem$boost_runtime" "libboost-json$boost_runtime" "libboost-program-options$boost_runtime"
    "libboost-url$boost_runtime" "libfmt$fmt" "libspdlog$spdlog" "$curl" "$ssl" libseccomp2 libxxhash0
    libprometheus-cpp-core1.0)
build=(g++ cmake ninja-build ccache gzip "libboost$boost-dev" "libboost-filesystem$boost-dev" "libboost-json$boost-dev"
    "libboost-program-options$boost-dev" "libboost-url$boost-dev" libspdlog-dev libxxhash-dev libcurl4-openssl-dev
    libseccomp-dev libssl-dev prometheus-cpp-dev)
tests=(git libgtest-dev libgmock-dev curl openssl prometheus python3-aiohttp python3-pycurl python3-requests
    python3-yaml nginx-light systemd e2fsprogs mount iproute2 chromium)

# npm is a hundred packages of Debian's, and where it is from elsewhere they are of no use.
page=()
command -v npm >/dev/null || page=(nodejs npm)

case "${1:-}" in
'') wanted=("${run[@]}" "${build[@]}" "${page[@]}" "${tests[@]}") ;;
--build) wanted=("${build[@]}") ;;
--page) wanted=("${page[@]}") ;;
--runtime)
    wanted=()
    for package in "${run[@]}" "${libraries[@]}"; do
        [[ " ${*:2} " == *" --without $package "* ]] || wanted+=("$package")
    done ;;
--bench) wanted=(nginx-light wrk python3-fastapi python3-uvicorn python3-uvloop python3-httptools) ;;
--fuzz) wanted=("clang-$clang" "libclang-rt-$clang-dev") ;;
--coverage) wanted=(gcovr) ;;
--image) wanted=(debootstrap buildah podman runc docker-compose python3-yaml caddy) ;;
*) echo "$0: there is no $1" >&2; exit 2 ;;
esac

[ -z "$(missing "${wanted[@]}")" ] && exit 0
[[ " ${wanted[*]} " == *' yt-dlp '* ]] && add_backports
install "${wanted[@]}"
