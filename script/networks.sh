# Sourced by script/try_hosts: a network for each host of the trial, namespaces that are joined by a bridge in one more of them.
# Nothing of this reaches this machine's own network. Without root or iproute2 all hosts are processes on 127.0.0.1.
NET=10.77.0
declare -A addresses=()
network=  # what the names of the namespaces begin with; empty where there are none

# make_networks HOST…
make_networks() {
  local host number=10
  for host; do addresses[$host]=127.0.0.1; done
  network=tuntas-$$
  if [ "$(id -u)" -ne 0 ] || ! ip netns add "$network-switch" 2>/dev/null; then
    network=
    say "No network namespaces here (root and iproute2 make them): all hosts are processes on 127.0.0.1, and none can vanish"
    return
  fi
  ip -n "$network-switch" link add switch type bridge
  ip -n "$network-switch" link set switch up
  for host; do
    number=$((number + 1))
    addresses[$host]=$NET.$number
    ip netns add "$network-$host"
    ip link add eth0 netns "$network-$host" type veth peer name "$host" netns "$network-switch"
    ip -n "$network-switch" link set "$host" up master switch
    ip -n "$network-$host" link set lo up
    ip -n "$network-$host" link set eth0 up
    ip -n "$network-$host" address add "$NET.$number/24" dev eth0
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
  [ -n "$network" ] || return 0
  for name in $(ip netns list | sed -n "s/^\($network-[a-z0-9]*\).*/\1/p"); do ip netns delete "$name"; done
}
