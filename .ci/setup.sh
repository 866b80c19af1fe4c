# What ./run and ./check share: sourced, never run. Each step is skipped when it is done already, and each failure is
# one sentence that says what is missing and what to type. The words of every tool go to instance/set-up.log.
set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$TOP"
export INSTANCE=${INSTANCE:-$TOP/instance} FLASK_APP=governance UV_PYTHON_DOWNLOADS=never DEBIAN_FRONTEND=noninteractive
PY=$TOP/.venv/bin/python LOG=$INSTANCE/set-up.log DEBS=$INSTANCE/debs STAMP=$TOP/.venv/locked
PDF_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
TEST_PACKAGES=(libatomic1 chromium poppler-utils clamav-daemon)

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# quietly WHAT-COULD-NOT-BE-DONE COMMAND…: run it without its words, or stop with the last of them.
quietly() {
    local cannot=$1 status
    shift
    printf '\n# %s\n' "$*" >>"$LOG"
    set +e
    "$@" >>"$LOG" 2>&1 </dev/null
    status=$?
    set -e
    ((status)) || return 0
    fail "$cannot: $(grep -v '^[[:space:]]*$' "$LOG" | tail -n 1). See $LOG, then type ./${0##*/} again."
}

# bring_parts run|dev: everything this command needs, in order; two commands at once take turns.
bring_parts() {
    mkdir -p "$INSTANCE" 2>/dev/null || fail "The folder $INSTANCE cannot be written to: make it yours, then type ./${0##*/} again."
    : >"$LOG"
    if command -v flock >/dev/null; then
        exec 9>"$INSTANCE/set-up.lock"
        flock 9
    fi
    local packages=("${PDF_PACKAGES[@]}")
    [[ $1 == dev ]] && packages+=("${TEST_PACKAGES[@]}")
    find_python
    "$PYTHON" -c 'import ensurepip' 2>/dev/null || [[ -x $PY ]] || packages+=(python3-venv)
    bring_packages "${packages[@]}"
    make_environment
    install_locked "$1"
    [[ $1 == dev ]] && make_postgres_user
    exec 9>&-
}

find_python() {
    local each
    for each in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            PYTHON=$each
            return 0
        fi
    done
    fail "Python 3.11 or later is missing: install it (on Debian 12, apt-get install python3), then type ./${0##*/} again."
}

# --- System libraries and programs ---------------------------------------------------------------------------------

bring_packages() {
    local missing=() each present
    if ! command -v dpkg-query >/dev/null; then
        say "This is not Debian: Pango (and Chromium, poppler-utils and ClamAV’s daemon, for ./check) must be installed already."
        return 0
    fi
    present=" $(dpkg-query -W -f='${db:Status-Abbrev}${Package} ' "$@" 2>/dev/null || true)"
    for each; do
        [[ $present == *"ii $each "* ]] || missing+=("$each")
    done
    if ((${#missing[@]} == 0)); then
        return 0
    elif ((UID == 0)); then
        install_packages "${missing[@]}"
    elif sudo -n true 2>/dev/null; then
        install_packages "${missing[@]}"
    else
        unpack_packages "${missing[@]}"
    fi
}

install_packages() {
    local as=()
    ((UID == 0)) || as=(sudo -n)
    say "Installing $* with apt-get."
    quietly "apt-get could not read its package lists" "${as[@]}" apt-get update -q
    quietly "apt-get could not install $*" "${as[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qy --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
}

# Without root: the same packages, unpacked under instance/debs and found through the environment.
unpack_packages() {
    local each missing=()
    for each; do
        [[ $each == python3-venv ]] && each=python3-pip-whl # the venv package only works where it was installed
        grep -qxF -- "$each" "$DEBS/brought" 2>/dev/null || missing+=("$each")
    done
    if ((${#missing[@]})); then
        say "Unpacking ${missing[*]} under $DEBS, because this user may not install packages."
        quietly "The packages could not be fetched (or install them as root: apt-get install ${missing[*]})" \
            fetch_packages "${missing[@]}"
        printf '%s\n' "${missing[@]}" >>"$DEBS/brought"
    fi
    export LD_LIBRARY_PATH=$(cat "$DEBS/library-path")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    export PATH=$DEBS/usr/bin:$DEBS/usr/sbin:$PATH FONTCONFIG_FILE=$DEBS/fonts.conf
    if [[ -x $DEBS/usr/lib/chromium/chromium ]]; then
        export CHROMIUM=$DEBS/usr/lib/chromium/chromium
    fi
}

fetch_packages() (
    set -e
    mkdir -p "$DEBS/lists/partial" "$DEBS/cache/archives/partial" "$DEBS/archives" "$DEBS/font-cache"
    cd "$DEBS/archives"
    own=(-q -o "Dir::State::lists=$DEBS/lists" -o "Dir::Cache=$DEBS/cache" -o Debug::NoLocking=1)
    apt-get "${own[@]}" update
    # only what is not installed at all: a second C library beside the first would break both
    apt-get "${own[@]}" -s install --no-install-recommends "$@" >simulated
    apt-get "${own[@]}" download $(awk '/^Inst/ && $3 !~ /^\[/ { print $2 }' simulated)
    for each in *.deb; do
        dpkg -x "$each" "$DEBS"
    done
    rm -rf -- *.deb "$DEBS/lists" "$DEBS/cache"
    find "$DEBS" -name '*.so*' -printf '%h\n' | sort -u | paste -sd: >"$DEBS/library-path"
    cat >"$DEBS/fonts.conf" <<XML
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>$DEBS/usr/share/fonts</dir>
  <cachedir>$DEBS/font-cache</cachedir>
</fontconfig>
XML
)

# PostgreSQL refuses to run as root, so the tests' own server runs as this user; made here, because the two halves of
# the tests would both try at the same moment.
make_postgres_user() {
    ((UID == 0)) || return 0
    getent passwd pgserver >/dev/null || quietly "The user pgserver, for the tests' PostgreSQL, could not be made" \
        useradd -s /bin/bash pgserver
}

# --- Python environment --------------------------------------------------------------------------------------------

make_environment() {
    # an environment does not survive being moved, nor the loss of the Python it was made from
    if [[ -e .venv ]] && { ! "$PY" -c '' 2>/dev/null || { [[ -e $STAMP ]] && ! grep -qF " $TOP" "$STAMP"; }; }; then
        say "Making .venv again, because it was made for another place."
        rm -rf .venv
    fi
    if [[ ! -x $PY ]]; then
        say "Making a Python environment in .venv."
        if "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
            quietly "python3 -m venv could not make .venv" "$PYTHON" -m venv .venv
        else
            quietly "python3 -m venv could not make .venv" "$PYTHON" -m venv --without-pip .venv
        fi
    fi
    [[ -x .venv/bin/uv ]] && return 0
    quietly "uv, which installs the locked packages, could not be installed" pip install -q --require-hashes -r .ci/uv.txt
}

# pip of the environment, or from the wheel that Debian keeps for making environments.
pip() {
    if "$PY" -c 'import pip' 2>/dev/null; then
        "$PY" -m pip --disable-pip-version-check "$@"
    else
        PYTHONPATH=$(echo "$DEBS"/usr/share/python-wheels/pip-*.whl) "$PY" -m pip --disable-pip-version-check "$@"
    fi
}

# install_locked run|dev: exactly the lock file, by hash. What ./check installed serves ./run too and stays.
install_locked() {
    local kind=$1 file=requirements.txt locked index
    [[ -e .venv/bin/pytest ]] && kind=dev
    [[ $kind == dev ]] && file=requirements-dev.txt
    locked="$kind $(sha256sum <"$file" | cut -c1-64) $TOP"
    [[ $(cat "$STAMP" 2>/dev/null) == "$locked" ]] && return 0
    say "Installing the locked Python packages of $file."
    rm -f "$STAMP"
    # uv does not read pip's settings: where those name another index, it is the one this machine can reach
    index=$(pip config get global.index-url 2>/dev/null || true)
    [[ -n $index ]] && export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index}
    quietly "The locked Python packages could not be installed" \
        .venv/bin/uv pip sync -q --no-progress --require-hashes --python "$PY" "$file"
    quietly "WeasyPrint cannot load Pango (install it: on Debian, apt-get install ${PDF_PACKAGES[*]})" \
        "$PY" -c 'import weasyprint'
    echo "$locked" >"$STAMP"
}
