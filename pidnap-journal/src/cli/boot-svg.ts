import type { BootTimeline, ProcessTimeline } from "./boot-timeline.ts";
import { safeText } from "./safe-text.ts";
import { formatDuration, formatMoment } from "./time.ts";

const colours: Readonly<Record<string, string>> = {
  running: "#4c9f70",
  restarting: "#e0a030",
  stopping: "#9a8fb0",
  "crash-loop-backoff": "#c8453b",
  "max-restarts-reached": "#7d1f1a",
};

const rowHeight = 22;
const left = 200;
const width = 1000;
const top = 70;

/** A boot as a chart: a row a process, a bar a state, lines where the machine came on. */
export function bootSvg(timeline: BootTimeline, utc: boolean): string {
  const endMs = Math.max(1, chartEndMs(timeline));
  const x = (ms: number): number => round(left + (Math.min(ms, endMs) / endMs) * width);
  const height = top + timeline.processes.length * rowHeight + 40;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + width + 40}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="10" y="20" font-size="15">${text(`boot ${timeline.boot}`)}</text>`,
    `<text x="10" y="38" fill="#666666">${text(`entrypoint at ${formatMoment(timeline.originAt, utc)}`)}</text>`,
    ...axis(endMs, x, height),
    ...timeline.processes.flatMap((one, index) => row(one, top + index * rowHeight, x, endMs)),
    ...milestones(timeline, x, height),
    `</svg>`,
  ];
  return `${parts.join("\n")}\n`;
}

/** Up to where the machine was ready and its tasks done, and a fifth more; all where it never was. */
function chartEndMs({ lastMs, readyMs, tasksMs }: BootTimeline): number {
  const upMs = Math.max(readyMs ?? 0, tasksMs ?? 0);
  return upMs === 0 ? lastMs : Math.min(lastMs, upMs * 1.2);
}

function axis(endMs: number, x: (ms: number) => number, height: number): string[] {
  const rough = endMs / 8;
  const power = 10 ** Math.floor(Math.log10(rough));
  const stepMs = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks = Array.from(
    { length: Math.floor(endMs / stepMs) + 1 },
    (_, index) => index * stepMs,
  );
  return ticks.flatMap((ms) => [
    `<line x1="${x(ms)}" y1="${top - 8}" x2="${x(ms)}" y2="${height - 20}" stroke="#e4e4e4"/>`,
    `<text x="${x(ms)}" y="${top - 14}" text-anchor="middle" fill="#666666">${formatDuration(ms)}</text>`,
  ]);
}

function row(one: ProcessTimeline, y: number, x: (ms: number) => number, endMs: number): string[] {
  const bars = one.stretches
    .filter(({ startMs, state }) => startMs <= endMs && colours[state] !== undefined)
    .map(({ endMs: end, startMs, state }) => {
      const barWidth = Math.max(1, round(x(end) - x(startMs)));
      const title = `${state} for ${formatDuration(end - startMs)}`;
      return (
        `<rect x="${x(startMs)}" y="${y + 3}" width="${barWidth}" height="${rowHeight - 7}" ` +
        `fill="${colours[state]}"><title>${text(title)}</title></rect>`
      );
    });
  const kind = one.kind === null || one.kind === "process" ? "" : ` (${one.kind})`;
  const name = `<text x="${left - 8}" y="${y + 15}" text-anchor="end">${text(shortened(one.process) + kind)}</text>`;
  return [name, ...bars];
}

function milestones(
  { bootedMs, readyMs, tasksMs }: BootTimeline,
  x: (ms: number) => number,
  height: number,
): string[] {
  const lines = [
    ["pidnap", bootedMs, "#3060c0"],
    ["tasks completed", tasksMs, "#b07020"],
    ["ready", readyMs, "#208040"],
  ] as const;
  return lines.flatMap(([name, ms, colour], index) =>
    ms === null
      ? []
      : [
          `<line x1="${x(ms)}" y1="${top - 8}" x2="${x(ms)}" y2="${height - 20}" stroke="${colour}" stroke-width="2"/>`,
          `<text x="${left + index * 260}" y="${height - 5}" fill="${colour}">${text(`${name} at ${formatDuration(ms)}`)}</text>`,
        ],
  );
}

function shortened(name: string): string {
  return name.length > 28 ? `${name.slice(0, 27)}…` : name;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Text as XML holds it; controls are not allowed there at all. */
function text(raw: string): string {
  return safeText(raw.toWellFormed())
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
