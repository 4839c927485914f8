#!/bin/sh
# Runs a command, and the shipper beside it until everything that the command has written is shipped:
#
#     tini -sg -- with-shipper.sh pidnap init
#
# The shipper takes its options from PIDNAP_SHIPPER_… . It has a session of its own, so that a signal to the
# container reaches the command first, and the shipper once the command has written its last line.

# Signals are the command's (`tini -g` sends them to all of the group): this shell only waits. Unlike an
# ignored signal, a trap is not inherited.
trap : TERM INT

setsid pidnap-shipper run &
shipper=$!

"$@"
code=$?

kill -TERM "$shipper" 2>/dev/null
wait "$shipper"
exit "$code"
