#!/bin/sh
# Dumps the database each BACKUP_HOURS hours and keeps the newest BACKUP_KEEP dumps. With the argument `once`: one dump,
# and the exit code tells whether it was made. Only a dump that can be read takes the place of an older one.
set -eu
umask 077
folder=${BACKUP_FOLDER:-/backups}
part=$folder/.part

dump() {
  file=$folder/lethe-$(date -u +%Y%m%dT%H%M%SZ).dump
  pg_dump --format=custom --file="$part" || return 1
  pg_restore --list "$part" > /dev/null || return 1
  mv "$part" "$file" || return 1
  echo "backup: $file"
  ls -1 "$folder"/lethe-*.dump | sort -r | tail -n "+$((BACKUP_KEEP + 1))" | while read -r old; do rm -f "$old"; done
}

if [ "${1:-}" = once ]; then dump; exit; fi
trap 'exit 0' TERM INT
while :; do
  dump || echo 'backup: failed; the next one is due as usual' >&2
  sleep "$((BACKUP_HOURS * 3600))" &
  wait $!
done
