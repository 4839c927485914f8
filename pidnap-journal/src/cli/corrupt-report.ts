import type { CorruptEntry } from "../reader/entry.ts";
import { plural } from "./describe.ts";

/** Corrupt pieces told one by one before the rest is only counted: a broken disk can make millions. */
const toldMax = 20;

/** Tells about corrupt pieces beside the output. */
export interface CorruptReport {
  tell(entry: CorruptEntry): void;
  /** Says how many were not told one by one. */
  end(): void;
}

export function createCorruptReport(write: (text: string) => void): CorruptReport {
  let count = 0;
  return {
    tell(entry) {
      count += 1;
      if (count > toldMax) return;
      const { segment, offset, bytes, reason } = entry;
      write(`corrupt: ${plural(bytes, "byte", "bytes")} at ${segment}:${offset}: ${reason}\n`);
    },
    end() {
      if (count <= toldMax) return;
      const rest = plural(count - toldMax, "more corrupt piece", "more corrupt pieces");
      write(`corrupt: ${rest}; \`pidnap-journal verify\` lists all\n`);
    },
  };
}
