# Sourced by script/try_guide: a bare Debian with its own systemd, in namespaces of its own. It shares this host's network,
# since it installs packages. What is in it is thrown away; the system it begins with is kept in $BARE_DIR.
BARE_DIR=${BARE_DIR:-/var/tmp/tuntas-bare}
bare_root= bare_init= bare_group=

# make_base SUITE: what debootstrap makes, and systemd.
make_base() {
  local base=$BARE_DIR/$1 mirror
  [ ! -e "$base/.ready" ] || return 0
  mirror=$(sed -n 's/^URIs: *//p; s/^deb  *\(http[^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | head -n 1 || true)
  say "Making a bare Debian ($1), once: about two minutes"
  rm -rf "$base"
  mkdir -p "$BARE_DIR"
  # shellcheck disable=SC2086 - none is none
  quietly debootstrap debootstrap --variant=minbase --include=ca-certificates,systemd-sysv,dbus "$1" "$base" $mirror
  cp /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/"  # those of this host, whatever stands before its network
  touch "$base/.ready"
}

# boot SUITE: a copy of it with systemd as its first process; $bare_root is its folder.
boot() {
  local port parent tries
  for port in 80 443 5432 8000 8001; do ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || die "port $port is in use here"; done
  bare_root=$(mktemp -d "$BARE_DIR/run.XXXXXX")
  trap halt EXIT
  cp -a "$BARE_DIR/$1/." "$bare_root"
  cp -L /etc/resolv.conf "$bare_root/etc/resolv.conf"
  echo "127.0.0.1 localhost" >"$bare_root/etc/hosts"  # as an installer does; PostgreSQL does not start without
  ln -sf /dev/null "$bare_root/etc/systemd/system/systemd-modules-load.service"  # the kernel is this host's
  bare_group=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)/tuntas-bare.$$
  mkdir -p "$bare_group"
  (
    echo "$BASHPID" >"$bare_group/cgroup.procs"
    exec unshare --mount --pid --fork --cgroup --ipc --uts bash -c "$(declare -f first_process); first_process $bare_root"
  ) </dev/null >"$logs/bare.log" 2>&1 &
  parent=$!
  for ((tries = 0; tries < 100; tries++)); do
    bare_init=$(pgrep -P "$parent" || true)
    [ -z "$bare_init" ] || case $(inside systemctl is-system-running 2>/dev/null || true) in running | degraded) return 0 ;; esac
    sleep 0.2
  done
  cat "$logs/bare.log" >&2
  die "systemd did not come up in $bare_root"
}

first_process() {
  local node
  mount --bind "$1" "$1"
  cd "$1" || exit
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs -o mode=755 tmpfs dev
  mount -t tmpfs -o mode=755 tmpfs run
  for node in null zero full random urandom tty; do touch "dev/$node"; mount --bind "/dev/$node" "dev/$node"; done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
  mount -t tmpfs tmpfs dev/shm
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  mkdir -p .before
  pivot_root . .before
  umount -l /.before
  rmdir /.before
  hostname bare
  exec env -i container=bare PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
}

# inside COMMAND…: as root, as one who has just signed in.
inside() {
  nsenter -t "$bare_init" -m -p -C -i -u env -i HOME=/root LANG=C.UTF-8 TERM=dumb USER=root \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash -c 'cd && exec "$@"' - "$@"
}

halt() {
  [ -z "$bare_init" ] || inside systemctl stop fail2ban 2>/dev/null || true  # its rules are in this host's network
  [ -z "$bare_init" ] || kill -KILL "$bare_init" 2>/dev/null || true  # and with it all others of its namespace
  while [ -n "$bare_init" ] && [ -e "/proc/$bare_init" ]; do sleep 0.1; done
  [ -z "$bare_root" ] || rm -rf --one-file-system "$bare_root"
  [ -z "$bare_group" ] || find "$bare_group" -depth -type d -exec rmdir {} + 2>/dev/null || true
  bare_root= bare_init= bare_group=
}
