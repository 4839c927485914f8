import type { BootTimeline, ProcessTimeline } from "./boot-timeline.ts";
import { safeText } from "./safe-text.ts";
import { formatDuration, formatElapsed, formatMoment } from "./time.ts";

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

/** From where to where the chart reaches, ms since the entrypoint. */
interface Reach {
  readonly fromMs: number;
  readonly toMs: number;
  /** What the axis counts from. */
  readonly zeroMs: number;
}

type Scale = (ms: number) => number;

/** A boot as a chart: a row a process, a bar a state, lines where the machine came on. */
export function bootSvg(timeline: BootTimeline, utc: boolean): string {
  const reach = reachOf(timeline);
  const { fromMs, toMs, zeroMs } = reach;
  const x: Scale = (ms) =>
    round(left + ((Math.min(Math.max(ms, fromMs), toMs) - fromMs) / (toMs - fromMs)) * width);
  const height = top + timeline.processes.length * rowHeight + 60;
  const cut = zeroMs === 0 ? "" : `; the axis counts from pidnap, ${formatElapsed(zeroMs)} later`;
  const origin = `entrypoint at ${formatMoment(timeline.originAt, utc)}${cut}`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + width + 40}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="10" y="20" font-size="15">${text(`boot ${timeline.boot}`)}</text>`,
    `<text x="10" y="38" fill="#666666">${text(origin)}</text>`,
    ...axis(reach, x, height),
    ...timeline.processes.flatMap((one, index) => row(one, top + index * rowHeight, x, reach)),
    ...milestones(timeline, x, height),
    ...legend(height),
    `</svg>`,
  ];
  return `${parts.join("\n")}\n`;
}

/**
 * Up to where the machine was ready and its tasks done, and a fifth more; all where it never was. Where
 * pidnap came long after the entrypoint, what it did would be a line at the right edge: then the chart
 * begins shortly before pidnap.
 */
function reachOf({ bootedMs, lastMs, readyMs, tasksMs }: BootTimeline): Reach {
  const upMs = Math.max(readyMs ?? 0, tasksMs ?? 0);
  const startMs = bootedMs ?? 0;
  const shownMs = Math.max(1, (upMs === 0 ? lastMs : upMs) - startMs);
  const isLate = startMs > shownMs * 3;
  const fromMs = isLate ? startMs - shownMs * 0.05 : 0;
  const fifthMs = upMs === 0 ? 0 : (upMs - fromMs) * 0.2;
  const toMs = upMs === 0 ? lastMs : Math.min(lastMs, upMs + fifthMs);
  return { fromMs, toMs: Math.max(fromMs + 1, toMs), zeroMs: isLate ? startMs : 0 };
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Steps that a clock's reader counts in, ms. */
const stepsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat(
  [1, 2, 5, 10, 15, 30].map((seconds) => seconds * secondMs),
  [1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  [1, 2, 6, 12].map((hours) => hours * hourMs),
);

function axis({ fromMs, toMs, zeroMs }: Reach, x: Scale, height: number): string[] {
  const rough = (toMs - fromMs) / 10;
  const stepMs = stepsMs.find((step) => step >= rough) ?? Math.ceil(rough / dayMs) * dayMs;
  const count = Math.floor((toMs - zeroMs) / stepMs) + 1;
  const sign = zeroMs === 0 ? "" : "+";
  return Array.from({ length: count }, (_, index) => index * stepMs).flatMap((ms) => {
    const at = x(zeroMs + ms);
    return [
      `<line x1="${at}" y1="${top - 8}" x2="${at}" y2="${height - 40}" stroke="#e4e4e4"/>`,
      `<text x="${at}" y="${top - 14}" text-anchor="middle" fill="#666666">${sign}${formatElapsed(ms)}</text>`,
    ];
  });
}

function row(one: ProcessTimeline, y: number, x: Scale, reach: Reach): string[] {
  const bars = one.stretches
    .filter(({ startMs, state }) => startMs <= reach.toMs && colours[state] !== undefined)
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
  x: Scale,
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
          `<line x1="${x(ms)}" y1="${top - 8}" x2="${x(ms)}" y2="${height - 40}" stroke="${colour}" stroke-width="2"/>`,
          `<text x="${left + index * 260}" y="${height - 25}" fill="${colour}">${text(`${name} at ${formatElapsed(ms)}`)}</text>`,
        ],
  );
}

/** What the bars' colours mean. */
function legend(height: number): string[] {
  return Object.entries(colours).flatMap(([state, colour], index) => [
    `<rect x="${left + index * 170}" y="${height - 16}" width="12" height="10" fill="${colour}"/>`,
    `<text x="${left + index * 170 + 17}" y="${height - 7}" fill="#666666">${text(state)}</text>`,
  ]);
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
