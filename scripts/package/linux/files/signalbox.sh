#!/bin/sh
# Signalbox from a menu, a link or a terminal: no arguments, a signalbox:// link or options open the app, --headless and
# --sign-in are the server's, and a word is a command (signalbox status).
set -eu
app=/usr/lib/signalbox

run_node() {
  file=$1
  shift
  ELECTRON_RUN_AS_NODE=1 exec "$app/signalbox" "$app/resources/app.asar/$file" "$@"
}

case ${1-} in
  # A word is a command; bare --help and --version are about it.
  [!-]*)
    case $1 in
      signalbox:*) ;;
      *) run_node bin/signalbox.mjs "$@" ;;
    esac
    ;;
  --help | -h | --version | -V) run_node bin/signalbox.mjs "$@" ;;
esac

for argument in "$@"; do
  case $argument in
    --headless | --sign-in) run_node out/main/headless.js "$@" ;;
  esac
done

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  echo 'signalbox: there is no display. For a server with the console in a browser: signalbox start' >&2
  exit 2
fi
unset ELECTRON_RUN_AS_NODE
exec "$app/signalbox" "$@"
