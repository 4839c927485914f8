import * as z from "zod/mini";
import type { ShipOptions } from "./ship.ts";

const count = z.int().check(z.gte(1));
const ms = z.int().check(z.gte(0));

const settingsSchema = z.object({
  dir: z.string(),
  url: z.url(),
  tokenFile: z.string(),
  state: z.string(),
  once: z.boolean(),
  maxEvents: count,
  maxBytes: count,
  compress: z.enum(["gzip", "none"]),
  lingerMs: ms,
  drainMs: ms,
  deadlineMs: count,
  retention: count,
  metricsPort: z.optional(z.int().check(z.gte(0), z.lte(65_535))),
});

/** What `run` is told. */
export type RunOptions = ShipOptions & {
  /** Where figures can be read, on this machine only; 0 for any free port. */
  readonly metricsPort?: number;
};

/** The options in `text`. Throws where it is not what the command line hands over. */
export function readSettings(text: string | undefined): RunOptions {
  const { metricsPort, ...settings } = settingsSchema.parse(JSON.parse(text ?? ""));
  return {
    ...settings,
    url: new URL(settings.url),
    ...(metricsPort !== undefined && { metricsPort }),
  };
}
