import { createApp } from "./app.ts";
import type { Env } from "./env.ts";

/**
 * The Worker's main module. A Worker that is there already can take it in: it exports both classes
 * from its own main module, binds them as wrangler.jsonc does, and hands on what comes under `/v1/`
 * to this default export's `fetch`.
 */

export type { Env } from "./env.ts";
export { MachineDirectory } from "./machine/directory-object.ts";
export { MachineObject } from "./machine/machine-object.ts";

const app = createApp({
  now: () => Date.now(),
  // A log line costs more than a point.
  picksForLog: () => Math.random() < 0.01,
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  fetch: (url, init) => fetch(url, init),
});

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
} satisfies ExportedHandler<Env>;
