import { entriesOf } from "./source.ts";

/** The boots of a journal in the order of their first events. */
export async function bootsOf(dir: string): Promise<string[]> {
  // A set keeps the order of insertion.
  const boots = new Set<string>();
  for await (const batch of entriesOf(dir)) {
    for (const entry of batch) if (entry.kind === "event") boots.add(entry.event.boot);
  }
  return [...boots];
}
