// A Worker that was there before, and now takes in journals too: it hands on what comes under /v1/
// and exports the two classes of objects, which wrangler.jsonc beside it binds.
import ingest from "pidnap-ingest-worker/worker";

export { MachineDirectory, MachineObject } from "pidnap-ingest-worker/worker";

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/v1/")) return ingest.fetch(request, env, context);
    return new Response("what this Worker did before");
  },
};
