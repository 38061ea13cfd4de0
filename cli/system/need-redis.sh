#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sees to it that redis-server is here: from the system's packages when we may install them.
set -eu
command -v redis-server >/dev/null 2>&1 && exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root='sudo -n'; else as_root=no; fi
fi
if [ "$as_root" != no ] && command -v apt-get >/dev/null 2>&1; then
  echo 'redis-server is missing: installing it from the system packages'
  # The package would start a server of its own; a policy of 101 forbids that, where there is none yet.
  policy=/usr/sbin/policy-rc.d
  made=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null && $as_root chmod 755 "$policy" && made=1
  fi
  status=0
  { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends redis-server ||
    { $as_root apt-get update -q &&
      $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends redis-server; }; } || status=$?
  if [ -n "$made" ]; then $as_root rm -f "$policy"; fi
  [ "$status" -eq 0 ] && command -v redis-server >/dev/null 2>&1 && exit 0
fi
echo 'Phalanx needs the program redis-server (Redis 7), and may not install it here.' >&2
echo 'Install it from your system, on Debian or Ubuntu: apt-get install redis-server' >&2
exit 1
