if [ "$1" -eq 0 ]; then
  if [ -d /run/systemd/system ]; then systemctl disable --now signalbox.service >/dev/null 2>&1 || :; fi
  echo 'signalbox: data is kept. Each user of the app has it in ~/.local/share/signalbox, the server in /var/lib/signalbox.'
fi
