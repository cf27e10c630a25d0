#!/bin/sh
# Chromium (its headless shell: a sixth less work) and node for the tests in a browser and against a real log-in
# provider, pdfsig for signatures of documents. Without them those tests are skipped.
set -u
has() { command -v "$1" >/dev/null; }
missing=
has chromium-headless-shell || missing="chromium-headless-shell"
has npm || missing="$missing nodejs npm"
has pdfsig || missing="$missing poppler-utils"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && has apt-get; then
  echo "installing for the tests: $missing"
  # shellcheck disable=SC2086
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
  missing=$(echo "$missing" | sed s/chromium-headless-shell/chromium/)
  if has chromium || has chromium-browser || has google-chrome; then missing=$(echo "$missing" | sed s/chromium//); fi
  # shellcheck disable=SC2086
  [ -z "$(echo "$missing" | tr -d ' ')" ] || { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0; }
fi
echo "Một số kiểm thử sẽ bỏ qua; để chạy đủ / for all tests: apt-get install $missing" >&2
exit 0
