#!/bin/sh
# Runs nginx in front of all servers that have a name in common, and keeps its list of them up to date:
#
#   follow-replicas.sh NAME PORT CONFIGURATION FOLDER
#
# NAME is what DNS has an address of each server under: a service of Docker Compose's, a headless one of Kubernetes'.
# nginx itself would take such a name for one place with several addresses, and spread a post over all of them. FOLDER is
# written to. nginx lets downloads that are under way finish when its list changes, and when it gets SIGQUIT.
set -eu

name=$1 port=$2 configuration=$3 folder=$4
seconds=${FOLLOW_SECONDS:-2}
replicas=$folder/replicas.conf

addresses() { # as nginx writes them; none while nobody is there
    getent ahosts "$name" | awk '{ print ($1 ~ /:/) ? "[" $1 "]" : $1 }' | sort -u
}

lines() {
    for address in $(addresses); do
        echo "server $address:$port max_fails=1 fail_timeout=10s;"
    done
}

# Whether the list is another one now. With nobody there the last one stays: nginx knows no empty one, and whoever
# comes back may come back there.
has_changed() {
    found=$(lines)
    [ -n "$found" ] && [ "$found" != "$(cat "$replicas" 2>/dev/null)" ] || return 1
    echo "$found" >"$replicas.new"
    mv "$replicas.new" "$replicas"
}

run_nginx() { # nginx looks for what is included beside its configuration
    exec nginx -e stderr -p "$folder" -c "$folder/nginx.conf" "$@"
}

mkdir -p "$folder"
cp "$configuration" "$folder/nginx.conf"
until has_changed; do sleep "$seconds"; done

# $$ is nginx from the last line on: this ends with it, also where nothing else would end it.
while sleep "$seconds" && kill -0 $$ 2>/dev/null; do
    if has_changed; then
        echo "servers: $(lines | cut -d' ' -f2 | tr '\n' ' ')" >&2
        (run_nginx -s reload)
    fi
done &
run_nginx -g 'daemon off;'
