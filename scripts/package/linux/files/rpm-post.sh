if ! getent passwd signalbox >/dev/null; then
  useradd --system --user-group --home-dir /var/lib/signalbox --no-create-home \
    --shell /sbin/nologin --comment 'Signalbox server' signalbox
fi
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || :
  if [ "$1" -gt 1 ]; then systemctl try-restart signalbox.service || :; fi
fi
