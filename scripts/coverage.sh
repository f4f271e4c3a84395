#!/usr/bin/env bash
# Runs every test that runs C++ under AddressSanitizer and UndefinedBehaviorSanitizer on a build that counts as well, says
# which lines of server/ they reach, and fails below 90 %.
#
#   scripts/coverage.sh [CTEST OPTION...]
#
# build/coverage/lines.txt then names the lines that are not reached. What a child process does between fork and exec is
# not counted: gcov would have to write its files there. A server that is killed by a test counts nothing either.
set -euo pipefail
cd "$(dirname "$0")/.."
least_percent=90

scripts/install-deps.sh
scripts/install-deps.sh --coverage
cmake --preset coverage >/dev/null
cmake --build --preset coverage
find build/coverage -name '*.gcda' -delete
ctest --preset coverage --parallel "$(($(nproc) + 2))" --label-exclude once "$@"

status=0
gcovr --root . --filter 'server/' --object-directory build/coverage -j "$(nproc)" --txt build/coverage/lines.txt \
    --csv build/coverage/files.csv --print-summary --fail-under-line "$least_percent" build/coverage || status=$?
echo 'reached least:'
awk -F, 'NR > 1 && $3 < $2 { printf "%6d of %4d lines not, %3d %% are  %s\n", $2 - $3, $2, 100 * $3 / $2, $1 }' \
    build/coverage/files.csv | sort -rn | sed -n 1,15p
exit "$status"
