#!/usr/bin/env bash
# Builds the image and tests it where there is neither a Docker engine nor a registry: the base image comes from
# debootstrap, the rest from Buildah, Podman and runc. As root, on Debian 12 or 13.
#
#   docker/test-image.sh [BUILDAH OPTION...]    such as --build-arg FFMPEG=debian, for which 200 MB are too few
#
# Layers, packages and what the compiler has made are kept: a second run builds only what has changed.
set -euo pipefail
cd "$(dirname "$0")/.."

base=debian:trixie-slim
image=localhost/ttsave-tested
kept=/var/cache/ttsave-image

step() { # ends a step and begins the next
    [ -z "${name:-}" ] || printf -- '-- %s took %s s\n' "$name" "$((SECONDS - begin))"
    name=$1 begin=$SECONDS
    printf -- '-- %s\n' "$name"
}

# Base images have no more than this either; the lines for dpkg keep it so.
make_base() {
    local folder source
    folder=$(mktemp -d)
    source=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' | sed -n 1p)
    debootstrap --variant=minbase --cache-dir="$kept/debootstrap" trixie "$folder" "$source" >"$kept/debootstrap.log" ||
        { tail "$kept/debootstrap.log" >&2; exit 1; }
    printf 'path-exclude /usr/share/%s/*\n' doc info locale man >"$folder/etc/dpkg/dpkg.cfg.d/slim"
    rm -rf "$folder"/usr/share/{doc,info,locale,man}/* "$folder"/var/cache/apt/archives/*.deb "$folder"/var/lib/apt/lists/*
    tar -C "$folder" -c . | podman import --quiet - "$base" >/dev/null
    rm -rf "$folder"
}

# What the machine's own apt has been told besides what packages tell it, so that the build reaches the same sources;
# and, as in Docker's base images, that no copy of the lists is kept. The packages themselves are, outside of the image.
lend_apt_configuration() {
    local file
    rm -rf "$kept/apt.conf.d"
    mkdir -p "$kept/apt.conf.d"
    for file in /etc/apt/apt.conf.d/*; do
        case $file in */docker-*) continue ;; esac # would empty the folder of packages after each installation
        dpkg-query -S "$file" >/dev/null 2>&1 || cp "$file" "$kept/apt.conf.d"
    done
    printf 'Dir::Cache::%s "";\n' pkgcache srcpkgcache >"$kept/apt.conf.d/no-copies"
}

# npm's source of packages is the machine's as well, and so is whom it trusts.
lend_npm_configuration() {
    local authorities
    authorities=$(npm config get cafile)
    [ "$authorities" != null ] || authorities=/etc/ssl/certs/ca-certificates.crt
    mkdir -p "$kept/npm"
    cp "$authorities" "$kept/npm/authorities.pem"
    printf 'registry=%s\ncafile=/lent/npm/authorities.pem\n' "$(npm config get registry)" >"$kept/npm/npmrc"
}

build() { # the image under a name, with further options of Buildah's
    buildah bud --isolation chroot --format docker --layers --pull-never \
        -v "$kept/apt.conf.d:/etc/apt/apt.conf.d:ro" -v "$kept/packages:/var/cache/apt/archives" \
        -v "$kept/npm:/lent/npm:ro" -v "$kept/npm/npmrc:/root/.npmrc:ro" \
        --build-arg REVISION="$(git rev-parse HEAD)" "${@:2}" -t "$1" . >"$kept/build.log" 2>&1 ||
        { tail -n 50 "$kept/build.log" >&2; exit 1; }
}

test_image() { # with these modules
    (cd tests && TTSAVE_IMAGE=$1 /usr/bin/python3 -B -m unittest -v "${@:2}")
}

step 'what this needs'
scripts/install-deps.sh
scripts/install-deps.sh --image
mkdir -p "$kept/debootstrap" "$kept/packages/partial"

step 'the base image'
podman image exists "$base" || make_base

step 'the image'
lend_apt_configuration
lend_npm_configuration
build "$image" "$@"
podman image inspect --format 'of {{.Size}} bytes' "$image"

step 'the image, tested as a container'
test_image "$image" image.test_image image.test_update image.test_compose
test_image "$image" image.test_tls # moves its process into a network of its own

step 'the image whose yt-dlp is from pip, which finds wheels made here'
rm -rf "$kept/wheels"
mkdir "$kept/wheels"
(cd tests && /usr/bin/python3 -B -m image.wheels "$kept/wheels")
printf '[global]\nno-index = true\nfind-links = /wheels\n' >"$kept/pip.conf"
build "$image-pypi" -v "$kept/wheels:/wheels:ro" -v "$kept/pip.conf:/etc/pip.conf:ro" "$@" --build-arg YT_DLP_SOURCE=pypi
test_image "$image-pypi" image.test_pypi

# Tests look into the server's processes and files, and have their own ffmpeg and ffprobe to judge by; so only the
# server moves into the image's file system. Beside the two modules, whatever else makes videos of photos on purpose.
step 'the system tests of what needs ffmpeg, with that of the image'
cd tests
export root=$(podman image mount "$image") prefix=$(mktemp -d)
trap 'rm -rf "$prefix"; podman image unmount "$image" >/dev/null' EXIT
mkdir "$prefix/bin"
printf '#!/bin/sh\nexec chroot %q /usr/local/bin/ttsave-server "$@"\n' "$root" >"$prefix/bin/ttsave-server"
chmod +x "$prefix/bin/ttsave-server"
unshare --mount bash -euo pipefail -c '
    for folder in proc dev tmp; do mount --rbind "/$folder" "$root/$folder"; done
    export TTSAVE_PREFIX=$prefix # what else the tests name lies in /tmp
    exec /usr/bin/python3 -B -m unittest -v \
        system.test_slideshow system.test_slideshow_pictures system.test_slideshow_failures \
        system.test_cache.Again.test_another_background_makes_another_video \
        system.test_cache.Again.test_photos_and_their_video_are_two_entries \
        system.test_cache_safety.Crashes.test_in_the_middle_of_a_video_of_photos \
        system.test_remembered.OfThePost.test_a_photo_that_no_video_can_be_made_of \
        system.test_sharing.BothModes.test_of_photos_share_the_page \
        system.test_sharing.BothModes.test_of_photos_that_come_while_the_video_is_made \
        system.test_shutdown.Shutdown.test_while_a_video_of_photos_is_made'
step 'the end'
