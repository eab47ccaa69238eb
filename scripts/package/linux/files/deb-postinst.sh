#!/bin/sh
set -e

if [ "$1" = configure ]; then
  # The server's user. The server itself is started by whoever enables it.
  if ! getent passwd signalbox >/dev/null; then
    useradd --system --user-group --home-dir /var/lib/signalbox --no-create-home \
      --shell /usr/sbin/nologin --comment 'Signalbox server' signalbox
  fi

  # Only where this system's AppArmor knows the rule: older ones neither need it nor can read it.
  profile=/usr/lib/signalbox/apparmor-profile
  if command -v apparmor_parser >/dev/null 2>&1 && apparmor_parser --skip-kernel-load --skip-cache "$profile" >/dev/null 2>&1; then
    install -m 0644 "$profile" /etc/apparmor.d/signalbox
    if [ -d /sys/kernel/security/apparmor ]; then
      apparmor_parser --replace --write-cache --skip-read-cache /etc/apparmor.d/signalbox >/dev/null 2>&1 || true
    fi
  fi

  if [ -d /run/systemd/system ]; then
    systemctl daemon-reload || true
    # After an update, a server that runs is started again with the new version.
    if [ -n "$2" ]; then systemctl try-restart signalbox.service || true; fi
  fi
fi
