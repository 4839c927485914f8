import { loadWorkerdScripts, type WorkerdScripts } from "../src/local/package-files.ts";

/** A Worker for tests of what is around the Worker: each line of a body becomes a point. */
const standIn = `
import { DurableObject } from "cloudflare:workers";
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname.endsWith("/direct")) return writeAll(env.MACHINE_METRICS, await request.json());
    return env.MACHINES.get(env.MACHINES.idFromName("one")).fetch(request);
  },
};
export class MachineObject extends DurableObject {
  async fetch(request) {
    const points = await request.json();
    const answer = await writeAll(this.env.MACHINE_METRICS, points);
    const total = ((await this.ctx.storage.get("total")) ?? 0) + points.length;
    await this.ctx.storage.put("total", total);
    answer.headers.set("x-total", String(total));
    return answer;
  }
}
export class MachineDirectory extends DurableObject {}
async function writeAll(dataset, points) {
  const stored = [];
  const refused = [];
  for (const point of points) {
    try { stored.push(dataset.writeDataPoint(point)); } catch (error) { refused.push(error.message); }
  }
  const outcomes = await Promise.allSettled(stored);
  const lost = outcomes.filter((outcome) => outcome.status === "rejected").length;
  return Response.json({ stored: stored.length - lost, lost, refused });
}
`;

/** The package's scripts with the stand-in in the Worker's place. */
export function standInScripts(): WorkerdScripts {
  return { ...loadWorkerdScripts(), worker: standIn };
}

/** Some points of one journal, numbered from `from`. */
export function journalPoints(journal: string, from: number, count: number): object[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = from + index;
    return {
      indexes: [`machine-of-${journal}`],
      blobs: ["org", "project", "type", "process", "web", "running", "boot", `${journal}:${seq}`],
      doubles: [1.5, 2, 0, 0, 1_700_000_000_000 + seq],
    };
  });
}
