#!/bin/sh
# Make the environment named in $1 from requirements-dev.txt (hashes required) and our package.
set -eu
venv=$1

is311() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }

python=
for name in ${PYTHON:-} python3.11 python3 python; do
  if is311 "$name"; then python=$name; break; fi
done
if [ -z "$python" ]; then
  echo "Cần Python 3.11. Cài đặt: apt-get install python3.11 python3.11-venv" >&2
  echo "Python 3.11 is needed. Install it: apt-get install python3.11 python3.11-venv" >&2
  exit 1
fi
if ! is311 "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -q && apt-get install -y -q python3.11-venv
    else
      echo "Cần mô-đun venv. Cài đặt / the venv module is needed: apt-get install python3.11-venv" >&2
      exit 1
    fi
  fi
  "$python" -m venv --clear "$venv"
fi
echo "installing from requirements-dev.txt into $venv (one to three minutes the first time)"
# odfpy (a development dependency) is published as source only; nothing else may be built here.
"$venv/bin/python" -m pip install -qq --require-hashes --only-binary :all: --no-binary odfpy -r requirements-dev.txt
# The build back end is in the lock, so nothing is resolved or downloaded here.
"$venv/bin/python" -m pip install -qq --no-deps --no-build-isolation --editable .
