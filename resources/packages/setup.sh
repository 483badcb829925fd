# Sourced by app/run and tests/run: installs what is missing, configures, builds. Needs bash and `root` (the project's
# folder) set by the caller. Builds as the user who calls; only apt runs as root. Says what it does on stderr.
# shellcheck shell=bash

: "${root:?the project folder}"
list=$root/resources/packages/debian.list
build_root=$(readlink -m -- "${POOLSCOPE_BUILD_DIR:-$root/build}")

say() { printf '==> %s\n' "$*" >&2; }
die() { printf 'poolscope: %s\n' "$*" >&2; exit 2; }

# packages_of GROUP…: their names, one a line.
packages_of() {
    local group name _
    while read -r group name _; do
        case " $* " in *" $group "*) printf '%s\n' "$name" ;; esac
    done <"$list"
}

# missing_of GROUP…: those not installed.
missing_of() {
    local -A have=()
    local name state
    while read -r state name; do
        if [ "$state" = ii ]; then have[${name%%:*}]=1; fi
    done < <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null)
    while read -r name; do
        if [ -z "${have[$name]:-}" ]; then printf '%s\n' "$name"; fi
    done < <(packages_of "$@")
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi
}

# postgresql's package makes and starts a cluster of the system's own, which nobody asked for: tell it not to, but only
# when it is new here, and take the word back afterwards.
keep_clusters_away() {
    no_cluster=
    if ! dpkg-query -W -f '${db:Status-Abbrev}' postgresql-common 2>/dev/null | grep -q '^i'; then
        no_cluster=/etc/postgresql-common/createcluster.d/poolscope-install.conf
        as_root mkdir -p "${no_cluster%/*}"
        echo 'create_main_cluster = false' | as_root tee "$no_cluster" >/dev/null
    fi
}
allow_clusters_again() {
    if [ -n "${no_cluster:-}" ]; then as_root rm -f "$no_cluster"; fi
    no_cluster=
}

install_packages() {
    local missing=("$@")
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        die "these packages are missing, and there is neither root nor sudo to install them. Ask an administrator for:
  apt-get install --no-install-recommends ${missing[*]}"
    fi
    say "Installing ${#missing[@]} packages: ${missing[*]}"
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
    as_root "${apt[@]}" update >&2 || die "apt-get update failed; is there a network?"
    keep_clusters_away
    trap allow_clusters_again EXIT
    as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >&2 ||
        die "apt-get could not install: ${missing[*]}"
    allow_clusters_again
    trap - EXIT
}

# ensure_packages GROUP…: a stamp says that this list was fully installed, so that the usual start asks nobody.
ensure_packages() {
    local groups=$* stamp sum missing
    stamp=$build_root/.packages-${groups// /-}
    sum=$(cksum <"$list")
    if [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ]; then return; fi
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        die "this script installs Debian packages, and this is no Debian. What is needed stands in $list; with that in
place: cmake --preset release && cmake --build --preset release"
    fi
    mapfile -t missing < <(missing_of "$@")
    if [ ${#missing[@]} -gt 0 ]; then install_packages "${missing[@]}"; fi
    mkdir -p "$build_root"
    printf '%s\n' "$sum" >"$stamp"
}

# Something was missing after all: look again next time.
forget_packages() { rm -f "$build_root"/.packages-*; }

# promtool checks our rule files, prometheus evaluates expressions beside us, alertmanager is told of alerts and amtool
# asks us, pgbouncer and the exporters are there to be watched. Their packages would start services, so only the programs are
# taken out of them.
ensure_prometheus() {
    tools=$build_root/tools
    take_programs prometheus prometheus promtool
    take_programs prometheus-alertmanager prometheus-alertmanager amtool
    take_programs pgbouncer pgbouncer
    take_programs prometheus-postgres-exporter prometheus-postgres-exporter
    take_module prometheus-pgbouncer-exporter prometheus_pgbouncer_exporter
}

# unpack PACKAGE FOLDER: what is in it, fetched and not installed.
unpack() {
    (
        cd "$2" &&
            { apt-get -q download "$1" || { as_root apt-get -q update && apt-get -q download "$1"; }; } &&
            dpkg-deb -x "$1"_*.deb .
    ) >&2 || die "$1 could not be fetched; is there a network?"
}

# take_module PACKAGE MODULE: Python's, into $tools/python.
take_module() {
    local work
    if [ -d "$tools/python/$2" ]; then return; fi
    say "Fetching $2 (the module only, without the service)"
    work=$(mktemp -d)
    unpack "$1" "$work"
    mkdir -p "$tools/python"
    cp -r "$work/usr/lib/python3/dist-packages/$2" "$tools/python/"
    rm -rf "$work"
}

# take_programs PACKAGE PROGRAM…: into $tools, unless they are there or installed.
take_programs() {
    local package=$1 program wanting= work
    shift
    for program in "$@"; do
        if ! command -v "$program" >/dev/null && [ ! -x "$tools/$program" ]; then wanting=1; fi
    done
    if [ -z "$wanting" ]; then return; fi
    say "Fetching $* (the programs only, without the service)"
    work=$(mktemp -d)
    unpack "$package" "$work"
    mkdir -p "$tools"
    for program in "$@"; do cp "$work"/usr/*bin/"$program" "$tools/"; done
    # Alertmanager does not start without its own templates, at the place Debian has compiled in.
    local template
    for template in "$work"/usr/share/prometheus/alertmanager/*.tmpl; do
        if [ -f "$template" ] && [ ! -f "${template#"$work"}" ]; then
            as_root install -D -m 644 "$template" "${template#"$work"}"
        fi
    done
    rm -rf "$work"
}

# As many compilers as there is memory for: one wants up to 0.7 GB.
jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 700000) }' /proc/meminfo)
    if [ "${memory:-1}" -lt 1 ]; then memory=1; fi
    echo $((cores < memory ? cores : memory))
}

# configure FOLDER CMAKE-ARGUMENT…: only when the folder is new, was copied from elsewhere or the arguments changed.
configure() {
    local folder=$1 wanted
    shift
    wanted=$(printf '%s\n' "$root" "$@")
    if [ -f "$folder/build.ninja" ] && [ "$(cat "$folder/.configured" 2>/dev/null)" = "$wanted" ]; then return; fi
    if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
        rm -rf "$folder"
    fi
    say "Configuring ${folder#"$root"/}"
    mkdir -p "$folder"
    flock "$folder" cmake -S "$root" -B "$folder" -G Ninja "$@" >"$folder/configure.log" 2>&1 || {
        cat "$folder/configure.log" >&2
        forget_packages
        die "configuring failed (above)"
    }
    printf '%s\n' "$wanted" >"$folder/.configured"
}

# build FOLDER [TARGET…]: with the share done in front of every line.
build() {
    local folder=$1
    shift
    NINJA_STATUS='[%p] ' flock "$folder" ninja -C "$folder" -j "$(jobs)" "$@" >&2 || {
        forget_packages
        die "the build failed (above)"
    }
}

check_writable() {
    mkdir -p "$build_root" 2>/dev/null || die "$build_root cannot be made; set POOLSCOPE_BUILD_DIR to a folder of yours"
    local place
    for place in "$build_root" "$@"; do
        if [ -e "$place" ] && [ ! -w "$place" ]; then
            die "$place belongs to $(stat -c %U "$place"): run as that user, remove it, or set POOLSCOPE_BUILD_DIR"
        fi
    done
}

# ccache wants a home.
if [ -z "${HOME:-}" ] || [ ! -w "${HOME:-/}" ]; then
    export CCACHE_DIR=${CCACHE_DIR:-$build_root/ccache}
fi
