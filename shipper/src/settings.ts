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
});

/** What the command line hands to the runner; no secret is in it. */
export function settingsText(options: ShipOptions): string {
  return JSON.stringify(options);
}

/** The options in `text`. Throws where it is not what `settingsText` made. */
export function readSettings(text: string | undefined): ShipOptions {
  const settings = settingsSchema.parse(JSON.parse(text ?? ""));
  return { ...settings, url: new URL(settings.url) };
}
