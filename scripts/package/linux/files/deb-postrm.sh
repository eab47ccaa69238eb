#!/bin/sh
set -e

case $1 in
  remove)
    rm -f /etc/apparmor.d/signalbox
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
    ;;
  purge)
    rm -f /etc/apparmor.d/signalbox
    # Events, runs and secrets are nobody's to delete but their owner's.
    echo 'signalbox: data is kept. Each user of the app has it in ~/.local/share/signalbox, the server in /var/lib/signalbox.'
    echo 'signalbox: remove these folders to delete it; the user signalbox is kept too (userdel signalbox).'
    ;;
esac
