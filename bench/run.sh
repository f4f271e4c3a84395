#!/usr/bin/env bash
# Measures the installed server, nginx and a FastAPI peer in one run; see README.md. Exit status 1: a goal is missed.
#
#   bench/run.sh [--rounds N] [--seconds N] [--cases CASE...]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-deps.sh
scripts/install-deps.sh --bench
cmake --preset release >/dev/null
cmake --build --preset release
cmake --install build/release --prefix build/release/prefix >/dev/null
cd bench
exec /usr/bin/python3 -B -m contest "$@"
