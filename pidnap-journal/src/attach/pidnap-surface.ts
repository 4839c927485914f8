/**
 * What the journal asks of pidnap: the public surface of its `Manager`, by shape, so that the package
 * depends neither on pidnap nor on one version of it.
 */

/** pidnap's `Manager`. */
export interface PidnapManager {
  /** `idle`, `running`, `stopping` or `stopped`. */
  readonly state: string;
  /** Empty before `start()`, which makes the processes; other objects after another `start()`. */
  getRestartingProcesses(): ReadonlyMap<string, PidnapProcess>;
  listManagedProcessEntries(): readonly PidnapEntry[];
}

/** pidnap's `RestartingProcess`. */
export interface PidnapProcess {
  readonly state: string;
  readonly restarts: number;
  /** Whether a child of it was ever spawned. */
  readonly hasStarted: boolean;
  readonly tags?: readonly string[] | undefined;
  readonly lazyProcess: {
    /** How the last child ended: null where it runs, was killed by a signal, or was stopped on request. */
    readonly exitCode: number | null;
  };
  /** @returns what ends the subscription */
  onStateChange(listener: (state: string) => void): () => void;
}

/** A configured process. Its `definition` holds secrets and is not even looked at. */
export interface PidnapEntry {
  readonly name: string;
  readonly options?: { readonly restartPolicy?: string | undefined } | undefined;
  readonly schedule?: unknown;
  readonly desiredState?: string | undefined;
}
