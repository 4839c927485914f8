import { optionalSampleFields } from "pidnap-journal/pure";
import type {
  JournalMeasurement,
  Measurement,
  ProcessMeasurement,
  ResourceMeasurement,
  StartupMeasurement,
} from "pidnap-journal/pure";
import type { MachineIdentity } from "../auth.ts";

/**
 * The columns of a data point, once: the names for SQL and the documentation are read from here, and
 * a test holds what to-point.ts writes against it. Blobs 1 to 6 and doubles 1 to 4 are what existing queries go by and do not move.
 */

/** What a point is made of. */
export interface Measured<M extends Measurement = Measurement> {
  readonly measurement: M;
  readonly identity: MachineIdentity;
  readonly journal: string;
  /** The Worker's clock when the batch came in, ms since the epoch. */
  readonly receivedAt: number;
}

interface Described {
  /** What the column is called in queries. */
  readonly name: string;
  readonly meaning: string;
}

interface BlobColumn<M extends Measurement = Measurement> extends Described {
  readonly column: `blob${number}`;
  readonly value: (of: Measured<M>) => string;
}

interface DoubleColumn<M extends Measurement = Measurement> extends Described {
  readonly column: `double${number}`;
  readonly value: (of: Measured<M>) => number;
}

export type Column<M extends Measurement = Measurement> = BlobColumn<M> | DoubleColumn<M>;

/** Whether a column holds text. */
export function isBlob(column: Column): column is BlobColumn {
  return column.column.startsWith("blob");
}

export type MetricType = Measurement["kind"];

/** The measurement that a metric type stands for. */
export type MeasurementOf<Kind extends MetricType> = Extract<Measurement, { kind: Kind }>;

/** Highest blob that any point uses. */
export const blobsUsed = 13;

/** Analytics Engine's number of doubles; a point here uses the last one. */
export const doublesUsed = 20;

/** Columns that mean the same in every metric type. */
export const commonColumns: readonly Column[] = [
  blob(1, "orgId", "organisation of the machine, from its token", ({ identity }) => identity.org),
  blob(
    2,
    "projectId",
    "project of the machine, from its token",
    ({ identity }) => identity.project,
  ),
  blob(3, "machineType", "type of the machine, from its token", ({ identity }) => {
    return identity.machineType;
  }),
  blob(4, "metricType", "resource, process, startup or journal", ({ measurement }) => {
    return measurement.kind;
  }),
  blob(7, "boot", "run of pidnap that the point speaks of", ({ measurement }) => measurement.boot),
  blob(8, "event", "{journal}:{seq} of the event that the point came from", (of) => {
    return `${of.journal}:${of.measurement.seq}`;
  }),
  double(5, "eventTimeMs", "when it happened, ms since the epoch", (of) => of.measurement.at),
  double(6, "ingestLagMs", "from the event to its receipt, ms, by two clocks", (of) => {
    return of.receivedAt - of.measurement.at;
  }),
  double(20, "pointNumber", "its number in its journal, from 1; 0 for a silence", (of) => {
    return of.measurement.number;
  }),
];

const processColumns: readonly Column<ProcessMeasurement>[] = [
  blob(5, "processName", "name of the process", (of) => of.measurement.process),
  blob(6, "processState", "state entered, machine-lost or silent", (of) => of.measurement.state),
  blob(9, "previousState", "state left", (of) => of.measurement.previousState),
  blob(10, "signal", "signal that ended the process, where known", (of) => of.measurement.signal),
  blob(11, "processKind", "process, task or cron", (of) => of.measurement.processKind),
  double(1, "processDurationMs", "length of the run that this closes, ms", (of) => {
    return of.measurement.durationMs;
  }),
  double(2, "processRestarts", "restarts as pidnap counts them", (of) => of.measurement.restarts),
  double(3, "exitCode", "exit code, 128 + signal, or -1", (of) => of.measurement.exitCode),
  double(4, "previousStateMs", "time spent in the state left, ms", (of) => {
    return of.measurement.previousStateMs;
  }),
];

const resourceColumns: readonly Column<ResourceMeasurement>[] = [
  double(1, "cpuPercent", "CPU in use over all CPUs, 0 to 100", (of) => of.measurement.cpuPercent),
  double(2, "memoryUsedMb", "memory in use, MB", (of) => of.measurement.memoryUsedMb),
  double(3, "memoryTotalMb", "memory there is, MB", (of) => of.measurement.memoryTotalMb),
  double(4, "diskUsedPercent", "disk in use, 0 to 100", (of) => of.measurement.diskUsedPercent),
  ...optionalSampleFields.map((field, index) =>
    double<ResourceMeasurement>(
      7 + index,
      field,
      `${field} of the sample; -1 where absent`,
      (of) => {
        return of.measurement.optional[field];
      },
    ),
  ),
];

const startupColumns: readonly Column<StartupMeasurement>[] = [
  blob(6, "startupState", "ready, never-ready or silent", (of) => of.measurement.state),
  blob(12, "pidnapVersion", "version of pidnap", (of) => of.measurement.pidnapVersion),
  blob(13, "hostname", "name of the host", (of) => of.measurement.hostname),
  double(1, "timeToReadyMs", "from the entrypoint to ready, ms; 0 where it never was", (of) => {
    return of.measurement.timeToReadyMs;
  }),
  double(2, "entrypointStartMs", "start of PID 1, ms since the epoch", (of) => {
    return of.measurement.entrypointStartMs;
  }),
  double(3, "tasksCompleteMs", "when all tasks had ended, ms since the epoch, or 0", (of) => {
    return of.measurement.tasksCompleteMs;
  }),
  double(4, "daemonReadyMs", "when the daemon was ready, ms since the epoch, or 0", (of) => {
    return of.measurement.daemonReadyMs;
  }),
  double(7, "cpus", "CPUs; -1 where unknown", (of) => of.measurement.cpus),
  double(8, "memoryTotalMb", "memory there is, MB; -1 where unknown", (of) => {
    return of.measurement.memoryTotalMb;
  }),
];

const journalColumns: readonly Column<JournalMeasurement>[] = [
  blob(6, "reason", "why events are missing, or silent", (of) => of.measurement.reason),
  double(1, "lostEvents", "how many events are missing", (of) => of.measurement.lostEvents),
  double(2, "firstLostSeq", "position of the first, 0 where they had none", (of) => {
    return of.measurement.firstLostSeq;
  }),
  double(3, "lastLostSeq", "position of the last, 0 where they had none", (of) => {
    return of.measurement.lastLostSeq;
  }),
];

/** Columns whose meaning depends on the metric type (blob 4). */
export const columnsByType: {
  readonly [Kind in MetricType]: readonly Column<MeasurementOf<Kind>>[];
} = {
  resource: resourceColumns,
  process: processColumns,
  startup: startupColumns,
  journal: journalColumns,
};

function blob<M extends Measurement = Measurement>(
  number: number,
  name: string,
  meaning: string,
  value: (of: Measured<M>) => string,
): BlobColumn<M> {
  return { column: `blob${number}`, name, meaning, value };
}

function double<M extends Measurement = Measurement>(
  number: number,
  name: string,
  meaning: string,
  value: (of: Measured<M>) => number,
): DoubleColumn<M> {
  return { column: `double${number}`, name, meaning, value };
}
