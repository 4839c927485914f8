import fs from "node:fs";
import { writerLiveness } from "../writer/lock.ts";
import { holderIsAlive, ownIdentity } from "../writer/process-identity.ts";

/** Whether anybody may be writing a journal now: a writer that cannot be looked for counts as one. */
export function isBeingWritten(dir: string): boolean {
  const self = ownIdentity();
  const env = {
    fs,
    holderIsAlive: (holder) => holderIsAlive(holder, self),
  } as const satisfies Parameters<typeof writerLiveness>[0];
  return writerLiveness(env, dir) !== "dead";
}
