# Sourced by script/try_hosts: a network for each host of the trial, namespaces that are joined by a bridge in one more of them.
# Nothing of this reaches this machine's own network. Without root or iproute2 all hosts are processes on 127.0.0.1.
NET=10.77.0
declare -A addresses=()
network=  # what the names of the namespaces begin with; empty where there are none

# make_networks HOST…
make_networks() {
  local host number=10 why="root and iproute2 make them"
  network=tuntas-$$
  if [ "$(id -u)" -ne 0 ] || ! command -v ip >/dev/null || ! why=$(lay_networks "$@" 2>&1); then
    end_networks
    network=
    for host; do addresses[$host]=127.0.0.1; done
    say "No network namespaces here ($why): all hosts are processes on 127.0.0.1, and none can vanish"
    return
  fi
  for host; do
    number=$((number + 1))
    addresses[$host]=$NET.$number
  done
}

# Whatever is not permitted here ends it, with what ip says of it.
lay_networks() {
  local host number=10 switch=$network-switch mine
  { ip netns add "$switch" && ip -n "$switch" link add switch type bridge && ip -n "$switch" link set switch up; } || return
  for host; do
    number=$((number + 1)) mine=$network-$host
    { ip netns add "$mine" && ip link add eth0 netns "$mine" type veth peer name "$host" netns "$switch" &&
      ip -n "$switch" link set "$host" up master switch && ip -n "$mine" link set lo up && ip -n "$mine" link set eth0 up &&
      ip -n "$mine" address add "$NET.$number/24" dev eth0; } || return
  done
}

# on HOST COMMAND…
on() {
  local host=$1
  shift
  if [ -n "$network" ]; then ip netns exec "$network-$host" "$@"; else "$@"; fi
}

end_networks() {
  local name
  [ -n "$network" ] && command -v ip >/dev/null || return 0
  for name in $(ip netns list 2>/dev/null | sed -n "s/^\($network-[a-z0-9]*\).*/\1/p"); do ip netns delete "$name"; done
}
