import type { Batch } from "./core/batch.ts";
import type { RequestError } from "./errors.ts";
import type { Checkpoint } from "./state/checkpoint.ts";
import type { ShipperStatus } from "./status/status-file.ts";

/** Somebody beside the shipper who wants to hear what it does: figures for a scraper, a bar for a person. */
export interface ShipListener {
  /** Once, before anything else. */
  started?(shipper: LiveShipper): void;
  /** The server has said where it is. */
  positioned?(next: number): void;
  /** The server has taken a batch. */
  advanced?(batch: Batch): void;
  /** An attempt failed. */
  failed?(error: RequestError): void;
}

/** What a running shipper knows of itself, at any time. */
export interface LiveShipper {
  status(): ShipperStatus;
  /** Undefined before a journal has been found. */
  checkpoint(): Checkpoint | undefined;
}
