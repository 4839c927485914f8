/** Transitions by what they mean, for points of processes: from, to. */
export const begin = ["idle", "running"] as const;
export const restart = ["running", "restarting"] as const;
export const again = ["restarting", "running"] as const;
export const backoff = ["running", "crash-loop-backoff"] as const;
export const giveUp = ["running", "max-restarts-reached"] as const;
export const stopping = ["running", "stopping"] as const;
export const stopped = ["stopping", "stopped"] as const;
export const finish = ["running", "stopped"] as const;
export const lost = ["running", "machine-lost"] as const;
export const remove = ["running", "removed"] as const;
export const silent = ["running", "silent"] as const;
