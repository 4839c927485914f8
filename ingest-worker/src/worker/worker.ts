import { app } from "./app.ts";
import type { Env } from "./env.ts";

export { MachineDirectory } from "./machine/directory-object.ts";
export { MachineObject } from "./machine/machine-object.ts";

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
} satisfies ExportedHandler<Env>;
