export { ship, type ShipOptions } from "./ship.ts";
export { nodeWorld } from "./world-node.ts";
export type {
  Clock,
  FileStat,
  HttpRequest,
  HttpResponse,
  Log,
  LogFields,
  Request,
  ShipperFile,
  ShipperFs,
  Watch,
  World,
} from "./world.ts";
export { createLog, type LogSink } from "./log.ts";
export { retryDelayMs } from "./core/retry.ts";
export { lineHash, uuidV5 } from "./hash.ts";
export { RequestError, ShipperError, StateDirError, TokenFileError, UsageError } from "./errors.ts";
