import type { LogSink } from "./log.ts";
import { formatDurationMs } from "./units.ts";

export interface Terminal extends LogSink {
  readonly columns?: number | undefined;
}

/** Least time between two drawings, ms. */
const drawEveryMs = 100;
/** Leaves room for the rest of the line on 80 columns. */
const barCells = 16;

/** How far a long job is, in the last line of a terminal; nothing where there is none. */
export class ProgressBar implements LogSink {
  readonly #terminal: Terminal;
  readonly #mono: () => number;
  #startMs: number | undefined;
  #drawnAtMs = -Infinity;
  #isDrawn = false;

  constructor(terminal: Terminal, mono: () => number) {
    this.#terminal = terminal;
    this.#mono = mono;
  }

  get isTTY(): boolean {
    return this.#terminal.isTTY === true;
  }

  /** Lines of a log go above the bar. */
  write(text: string): void {
    this.#clear();
    this.#terminal.write(text);
  }

  to(done: number, total: number): void {
    const nowMs = this.#mono();
    this.#startMs ??= nowMs;
    if (!this.isTTY || nowMs - this.#drawnAtMs < drawEveryMs) return;
    this.#drawnAtMs = nowMs;
    this.#clear();
    // A terminal that was given no size says 0.
    const width = (this.#terminal.columns || 80) - 1;
    this.#terminal.write(progressText(done, total, nowMs - this.#startMs).slice(0, width));
    this.#isDrawn = true;
  }

  end(): void {
    this.#clear();
  }

  #clear(): void {
    if (!this.#isDrawn) return;
    this.#terminal.write("\r\u001b[2K");
    this.#isDrawn = false;
  }
}

/** One line: a bar, the share, the count, the speed, the time that is left. */
export function progressText(done: number, total: number, elapsedMs: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const cells = Math.floor(share * barCells);
  const bar = "█".repeat(cells) + "░".repeat(barCells - cells);
  const perSecond = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  const leftMs = perSecond > 0 ? (Math.max(0, total - done) / perSecond) * 1000 : undefined;
  const left =
    leftMs === undefined ? "" : `, ${formatDurationMs(Math.ceil(leftMs / 1000) * 1000)} left`;
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${bar} ${percent} % ${done}/${total} events, ${Math.round(perSecond)}/s${left}`;
}
