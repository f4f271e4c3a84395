#!/usr/bin/env bash
# Builds, from Debian's source package, an ffmpeg that can do what the server asks of one (server/media: media_type,
# ffmpeg_arguments, photo_filter) and nothing else. Debian's own binary brings 450 MB of libraries along, this one 5.
#
#   docker/build-ffmpeg.sh INTO    installs INTO/usr/bin/ffmpeg; as root, on Debian 13
set -euo pipefail
into=$1

# Photos are JPEG, PNG, GIF, WebP, HEIC or AVIF, sounds M4A, MP3, AAC, Ogg or WAV.
demuxers=image_jpeg_pipe,image_png_pipe,image_webp_pipe,gif,mov,mp3,aac,ogg,wav
decoders=mjpeg,png,gif,webp,vp8,hevc,libdav1d
decoders+=,aac,alac,mp2float,mp3float,vorbis,opus,flac
decoders+=,pcm_u8,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw
parsers=mjpeg,png,gif,webp,vp8,hevc,av1,aac,mpegaudio,vorbis,opus,flac

# Those that are named, then those that ffmpeg puts between them by itself.
filters=setsar,hflip,vflip,transpose,rotate,format,pad,scale,split,crop,gblur,premultiply,overlay
filters+=,null,trim,anull,atrim,aformat,aresample
bitstream_filters=filter_units,setts,aac_adtstoasc,h264_mp4toannexb,extract_extradata
bitstream_filters+=,h264_metadata # only so that filter_units knows H.264

# What the rehearsal makes from nothing.
devices=lavfi
filters+=,color,anullsrc
decoders+=,wrapped_avframe

encoders=libx264,aac
muxers=h264,adts,mp4,null
# What has been encoded is read again to be joined.
demuxers+=,h264
decoders+=,h264
parsers+=,h264

# Wherever the machine has its packages from, security updates included, their sources are, too.
apt-get update -qq
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
    sed 's|^|deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] |' >/etc/apt/sources.list.d/source.list
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    dpkg-dev gcc libc6-dev libdav1d-dev libx264-dev make nasm pkgconf zlib1g-dev >/dev/null

folder=$(mktemp -d)
chown _apt "$folder" # apt downloads as that user
cd "$folder"
apt-get source -qq ffmpeg >/dev/null
cd ffmpeg-*/
./configure --prefix=/usr --toolchain=hardened --disable-everything --disable-autodetect --disable-network \
    --extra-cflags=-w --disable-doc --disable-debug --disable-ffplay --disable-ffprobe --disable-postproc --enable-gpl \
    --enable-zlib --enable-libx264 --enable-libdav1d --enable-protocol=file,pipe --enable-indev="$devices" \
    --enable-demuxer="$demuxers" --enable-decoder="$decoders" --enable-parser="$parsers" --enable-filter="$filters" \
    --enable-bsf="$bitstream_filters" --enable-encoder="$encoders" --enable-muxer="$muxers" >/dev/null
make -s -j"$(nproc)" ffmpeg >/dev/null
install -D -s ffmpeg "$into/usr/bin/ffmpeg"
rm -rf "$folder" /var/lib/apt/lists/*
