import { createKeys, publicKeySet, rotateKeys } from "../keys.ts";
import { readFolder } from "./options.ts";

/** Makes signing keys and prints their public halves, which a deployed Worker needs as INGEST_KEYS. */
export async function runKeys(action: "new" | "rotate", options: { data: string }): Promise<void> {
  const dataDir = readFolder(options.data);
  const keys = await (action === "new" ? createKeys(dataDir) : rotateKeys(dataDir));
  process.stdout.write(`${publicKeySet(keys)}\n`);
  if (action === "rotate") {
    process.stderr.write(
      "pidnap-ingest: tokens of the newest two keys are taken. Restart `pidnap-ingest dev`, or give a deployed Worker the line above as INGEST_KEYS.\n",
    );
  }
}
