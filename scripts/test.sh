#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test.
#
#   scripts/test.sh [PRESET] [CTEST OPTION...]   PRESET: check (the default), dev, asan or tsan
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-check}
shift || set --

scripts/install-deps.sh
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset"
# Tests wait more than they compute.
ctest --preset "$preset" --parallel "$(($(nproc) + 2))" "$@"
