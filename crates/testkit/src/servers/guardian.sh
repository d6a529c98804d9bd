# Keeps one database server and never outlives its reason to run.
#
# usage: sh guardian.sh STOP_SIGNAL END_SIGNAL      (in the server's own folder, commands on stdin)
#
# The owner holds the other end of stdin. When the owner ends in whatever way, SIGKILL included, the kernel closes
# that end, `read` returns, and the server and its folder go. The files `prepare` and `serve` are written by the
# owner beforehand; `serve PORT` must exec the server, so that its process id is ours to wait for.
stop_signal=$1
end_signal=$2
folder=$PWD
pid=

# The server and what it forked, so that a SIGKILL leaves no backend at work on the old shared memory.
family() {
    echo "$pid"
    cat "/proc/$pid/task/$pid/children" 2>/dev/null
}

# A zombie still answers to `kill -0`, so the state is read instead.
alive() {
    case $(cat "/proc/$pid/stat" 2>/dev/null) in
    "" | *") Z "*) return 1 ;;
    esac
}

halt() {
    [ -n "$pid" ] || return 0
    if [ "$1" = KILL ]; then
        # shellcheck disable=SC2046
        kill -KILL $(family) 2>/dev/null
    else
        kill "-$1" "$pid" 2>/dev/null
    fi
    wait "$pid" 2>/dev/null
    pid=
}

finish() {
    trap '' HUP INT TERM
    halt "$end_signal"
    # After a SIGKILL, PostgreSQL's interlock segment stays behind; its id is the last word of line 7.
    if [ -f "$folder/data/postmaster.pid" ]; then
        segment=$(sed -n '7s/.* //p' "$folder/data/postmaster.pid")
        [ -z "$segment" ] || ipcrm -m "$segment" 2>/dev/null
    fi
    cd /
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 0' HUP INT TERM

# A shared server: its users hold a shared lock on $1/users. Stop when nobody has held it for about five seconds,
# and stop under $1/gate, which every new user passes, so that nobody is handed a server that is going away.
watch() {
    idle=0
    while :; do
        sleep 0.5
        alive || return
        # Without the folder nobody can find the server any more.
        [ -d "$1" ] || return
        if flock --nonblock --exclusive "$1/users" true; then idle=$((idle + 1)); else idle=0; fi
        if [ "$idle" -ge 10 ]; then
            exec 8>"$1/gate"
            flock 8
            if flock --nonblock --exclusive "$1/users" true; then
                rm -f "$1/state.json"
                finish
                return
            fi
            exec 8>&-
            idle=0
        fi
    done
}

while read -r verb argument; do
    case $verb in
    prepare)
        if sh ./prepare >>log 2>&1 </dev/null; then echo ok; else echo failed; fi
        ;;
    start)
        sh ./serve "$argument" >>log 2>&1 </dev/null &
        pid=$!
        echo "$pid"
        ;;
    stop)
        halt "$stop_signal"
        echo ok
        ;;
    kill)
        halt KILL
        echo ok
        ;;
    share)
        echo ok
        exec </dev/null >/dev/null
        watch "$argument"
        exit 0
        ;;
    esac
done
