/** Tiny builders of journal lines; times follow from positions. */

export const journalId = "0a8e4f0c-7c1b-4b53-9d5e-2f1f4e0b6a11";
export const startAt = 1_700_000_000_000;

export interface TestLine {
  readonly seq: number;
  readonly type: string;
  readonly [field: string]: unknown;
}

export function line(seq: number, type: string, fields: object = {}): TestLine {
  return { v: 1, seq, at: startAt + seq * 1000, mono: seq * 1000, boot: "b1", type, ...fields };
}

export function sample(seq: number, fields: object = {}): TestLine {
  const figures = { cpuPercent: 5, memoryUsedMb: 10, memoryTotalMb: 100, diskUsedPercent: 1 };
  return line(seq, "resources.sampled", { ...figures, ...fields });
}

export function samples(from: number, through: number): TestLine[] {
  return Array.from({ length: through - from + 1 }, (_, index) => sample(from + index));
}

export function goes(seq: number, process: string, from: string, to: string, fields = {}) {
  return line(seq, "process.transitioned", { process, from, to, restarts: 0, ...fields });
}

export function lost(seq: number, through: number, reason = "expired"): TestLine {
  return line(seq, "events.lost", { through, reason });
}
