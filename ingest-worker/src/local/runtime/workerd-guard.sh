#!/bin/sh
# Becomes workerd, and says first which process that is: who watches over it (watchdog.ts) must know.
# Ctrl-C in a terminal reaches the whole process group; workerd has to finish its requests first and
# is ended by the process that started it.
trap '' INT
echo $$ >"$PIDNAP_INGEST_WORKERD_PID_FILE"
exec "$PIDNAP_INGEST_WORKERD" "$@"
