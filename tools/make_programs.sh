#!/bin/sh
# Chromium and node for the tests in a browser and against a real log-in provider, pdfsig for signatures of documents.
# Without them those tests are skipped.
set -u
missing=
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="chromium"
command -v npm >/dev/null || missing="$missing nodejs npm"
command -v pdfsig >/dev/null || missing="$missing poppler-utils"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing for the tests:$missing"
  # shellcheck disable=SC2086
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
fi
echo "Một số kiểm thử sẽ bỏ qua; để chạy đủ / for all tests: apt-get install $missing" >&2
exit 0
