#!/bin/sh
set -e

if [ "$1" = remove ]; then
  if [ -d /run/systemd/system ]; then
    systemctl disable --now signalbox.service >/dev/null 2>&1 || true
  fi
  if [ -f /etc/apparmor.d/signalbox ] && [ -d /sys/kernel/security/apparmor ] && command -v apparmor_parser >/dev/null 2>&1; then
    apparmor_parser --remove /etc/apparmor.d/signalbox >/dev/null 2>&1 || true
  fi
fi
