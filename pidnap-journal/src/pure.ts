/**
 * What needs no Node: the format and the fold, for the Worker, browsers and simulations. The main
 * entry adds the writer and the reader.
 */
export { eventSchema, isKnownEvent, optionalSampleFields } from "./event.ts";
export type {
  BootId,
  EventHead,
  EventOf,
  EventType,
  JournalEvent,
  JournalId,
  KnownEvent,
  LossReason,
  NewEvent,
  ProcessKind,
  Seq,
  TableEntry,
  UnknownEvent,
} from "./event.ts";
export { decodeLine, decodeValue } from "./decode-line.ts";
export type { CorruptReason, DecodedLine } from "./decode-line.ts";
export { firstSeqOfSegment, segmentName, segmentNames } from "./segment-name.ts";
export { lossEvent } from "./loss-event.ts";
export { fold } from "./fold/fold.ts";
export type { Folded } from "./fold/fold.ts";
export { foldStateVersion, initialState } from "./fold/state.ts";
export type { FoldState } from "./fold/state.ts";
export { processTimings } from "./fold/timings.ts";
export type { ProcessTiming } from "./fold/timings.ts";
export type {
  JournalMeasurement,
  Measurement,
  ProcessMeasurement,
  ResourceMeasurement,
  StartupMeasurement,
} from "./measurement.ts";
export { maxLineBytes, maxProcesses, maxProcessNameBytes } from "./limits.ts";
export { compareCodePoints, cutToBytes, utf8Bytes } from "./utf8.ts";
