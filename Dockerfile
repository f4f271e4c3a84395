# The server with everything that it runs. How to build and use it: docker/README.md.
#
# Builds with Docker (BuildKit) and with Buildah 1.28, which knows no here-documents and no COPY --exclude or --link, and
# builds stages that nobody needs as well: choices are the scripts', not stages'.

# slideshow: an ffmpeg with what the server asks of it, built from Debian's source. debian: the whole package.
ARG FFMPEG=slideshow
# debian: from backports. pypi: the newest, with curl_cffi, for when TikTok answers only what looks like a browser.
ARG YT_DLP_SOURCE=debian


FROM debian:trixie-slim AS ffmpeg
ARG FFMPEG
COPY docker/build-ffmpeg.sh /build/
RUN install -d /out && if [ "$FFMPEG" = slideshow ]; then /build/build-ffmpeg.sh /out; fi


FROM debian:trixie-slim AS yt-dlp
ARG YT_DLP_SOURCE
COPY docker/install-yt-dlp.sh /build/
RUN /build/install-yt-dlp.sh "$YT_DLP_SOURCE"


FROM debian:trixie-slim AS page
COPY scripts/install-deps.sh /build/
RUN /build/install-deps.sh --page && rm -rf /var/lib/apt/lists/*
COPY web/package.json web/package-lock.json web/.npmrc /web/
WORKDIR /web
RUN npm ci && npm cache clean --force
COPY web /web
RUN npm run build -- --outDir /out


FROM debian:trixie-slim AS server
COPY scripts/install-deps.sh /build/
RUN /build/install-deps.sh --build && rm -rf /var/lib/apt/lists/*
COPY . /source
COPY --from=page /out /page
WORKDIR /source
RUN --mount=type=cache,target=/root/.cache/ccache \
    cmake --preset release -DTTSAVE_WEB_DIST=/page && cmake --build --preset release && \
    cmake --install build/release --strip --prefix /out/usr/local


FROM debian:trixie-slim
ARG FFMPEG
ARG YT_DLP_SOURCE
COPY scripts/install-deps.sh docker/install-runtime.sh /build/
RUN /build/install-runtime.sh "$FFMPEG" "$YT_DLP_SOURCE"
COPY --from=yt-dlp /opt/yt-dlp /opt/yt-dlp
COPY --from=ffmpeg /out /
COPY --from=server /out /

# A Python in /opt/yt-dlp comes before Debian's.
ENV PATH=/opt/yt-dlp/bin:/usr/local/bin:/usr/bin:/bin \
    TTSAVE_PYTHON=python3 \
    TTSAVE_CACHE_DIR=/var/cache/ttsave \
    TTSAVE_EXTRACTOR_PATH=/var/lib/ttsave
USER 10001:10001
WORKDIR /var/lib/ttsave
VOLUME /var/cache/ttsave /var/lib/ttsave
EXPOSE 4347
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["ttsave-server", "--healthcheck"]
# tini reaps what an orphaned child leaves behind.
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/bin/ttsave-server"]

ARG VERSION=3.0.0
ARG REVISION=
ARG SOURCE=
ARG LICENSES=
LABEL org.opencontainers.image.title="TTSaveAPI" \
      org.opencontainers.image.description="Turns TikTok links into files over HTTP" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.licenses="$LICENSES"
