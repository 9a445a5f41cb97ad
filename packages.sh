#!/bin/sh
# Installs the Debian packages that Souk needs and that are missing, and says so.
#
#   ./packages.sh run    what the client needs to build and to open a window
#   ./packages.sh test   the same, and what the tests need (a browser for the console, ffmpeg for films)
#
# As root it calls apt-get; elsewhere it calls sudo; where it can do neither it
# prints the list and stops with status 1.
set -eu

run="gcc libc6-dev pkg-config libgl1-mesa-dev libgl1-mesa-dri xorg-dev libopenal-dev libvorbis-dev libasound2-dev fonts-droid-fallback xvfb xauth ca-certificates git"
test="chromium ffmpeg"

case "${1:-run}" in
run) wanted="$run" ;;
test) wanted="$run $test" ;;
*) echo "packages.sh: unknown set \"$1\": say run or test" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "souk: this is not a Debian system, so nothing is installed for you." >&2
	echo "souk: if the build fails, install what these Debian packages hold: $wanted" >&2
	exit 0
fi

missing=""
for p in $wanted; do
	if [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)" != installed ]; then
		missing="$missing $p"
	fi
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
	sudo=""
elif command -v sudo >/dev/null 2>&1; then
	sudo="sudo"
else
	echo "souk: these packages are missing and need root to install:$missing" >&2
	echo "souk: run as root: apt-get install --no-install-recommends$missing" >&2
	exit 1
fi

echo "souk: installing missing system packages with ${sudo:+sudo }apt-get:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
	tail -n 15 "$log" >&2
	echo "souk: apt-get failed (its last lines are above); install these by hand:$missing" >&2
	exit 1
fi
