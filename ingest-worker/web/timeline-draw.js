import { duration } from "./format.js";
import { tickText, ticksFor } from "./times.js";

/** Heights in px: of the time axis, of the row of boots, of a process's lane. */
export const axisPx = 22;
export const bootPx = 24;
export const lanePx = 26;

/**
 * How a state looks: its colour, and how high its bar stands, so that it is not told by colour
 * alone; `hatch` draws lines across. Unknown states look like `other`.
 */
const looks = {
  running: { color: "--state-running", px: 16 },
  restarting: { color: "--state-restarting", px: 16 },
  "crash-loop-backoff": { color: "--state-backoff", px: 16, hatch: true },
  "max-restarts-reached": { color: "--state-failed", px: 10 },
  stopping: { color: "--state-restarting", px: 8 },
  stopped: { color: "--state-idle", px: 4 },
  idle: { color: "--state-idle", px: 2 },
  other: { color: "--state-other", px: 12 },
};

/** States in the order in which they are drawn: what is wrong lies on top of what is well. */
const order = [
  "idle",
  "stopped",
  "running",
  "other",
  "stopping",
  "restarting",
  "max-restarts-reached",
  "crash-loop-backoff",
];

export function lookOf(state) {
  return looks[state] ?? looks.other;
}

/** Every state that has a look of its own, for the legend. */
export const drawnStates = order.filter((state) => state !== "other");

/** The picture's height for so many lanes, px. */
export function heightOf(laneCount) {
  return axisPx + bootPx + laneCount * lanePx;
}

/** Draws the whole timeline; `chosen` is the stretch that the reader has picked. */
export function drawTimeline(canvas, { lanes, boots }, { from, to, chosen }) {
  const widthPx = canvas.clientWidth;
  const heightPx = heightOf(lanes.length);
  canvas.width = Math.round(widthPx * devicePixelRatio);
  canvas.height = Math.round(heightPx * devicePixelRatio);
  const context = canvas.getContext("2d");
  context.scale(devicePixelRatio, devicePixelRatio);
  context.clearRect(0, 0, widthPx, heightPx);
  const style = getComputedStyle(canvas);
  const color = (name) => style.getPropertyValue(name).trim();
  const x = (ms) => ((Math.min(Math.max(ms, from), to) - from) / (to - from)) * widthPx;
  const pen = { context, color, x, widthPx, heightPx, font: style.fontFamily };
  drawAxis(pen, from, to);
  drawBoots(pen, boots, from, to);
  for (const [at, lane] of lanes.entries()) {
    drawLane(pen, lane, axisPx + bootPx + at * lanePx, chosen);
  }
}

function drawAxis({ context, color, x, widthPx, heightPx, font }, from, to) {
  context.font = `12px ${font}`;
  context.textBaseline = "middle";
  for (const tick of ticksFor(from, to, widthPx)) {
    const at = Math.round(x(tick)) + 0.5;
    context.fillStyle = color("--line");
    context.fillRect(at - 0.5, axisPx, 1, heightPx - axisPx);
    const text = tickText(tick, from, to);
    const half = context.measureText(text).width / 2;
    context.fillStyle = color("--muted");
    context.fillText(text, Math.min(Math.max(at - half, 0), widthPx - 2 * half), axisPx / 2);
  }
}

/** Boots as a row of their own; where none is, the machine was down, or not heard of. */
function drawBoots({ context, color, x, widthPx, heightPx, font }, boots, from, to) {
  const top = axisPx + 3;
  hatch(context, [0, top, widthPx, bootPx - 8], color("--state-idle"));
  for (const boot of boots) {
    if (boot.to < from || boot.from > to) continue;
    const left = x(boot.from);
    const width = Math.max(2, x(boot.to) - left);
    const never = boot.startup === "never-ready";
    context.fillStyle = color("--panel");
    context.fillRect(left, top, width, bootPx - 8);
    context.fillStyle = color(never ? "--bad-ground" : "--boot");
    context.fillRect(left, top, width, bootPx - 8);
    if (boot.from >= from) {
      context.fillStyle = color("--muted");
      context.fillRect(Math.round(left), axisPx, 1, heightPx - axisPx);
    }
    const text = bootText(boot);
    context.font = `11px ${font}`;
    if (context.measureText(text).width + 10 > width) continue;
    context.fillStyle = color(never ? "--bad" : "--text");
    context.fillText(text, left + 5, top + (bootPx - 8) / 2);
  }
}

function bootText({ boot, startup, time_to_ready_ms: ms }) {
  if (startup === "ready") return `boot ${boot.slice(0, 8)}, ready in ${duration(ms)}`;
  return `boot ${boot.slice(0, 8)}${startup === "never-ready" ? ", never ready" : ""}`;
}

function drawLane(pen, lane, top, chosen) {
  const { context, color, x, widthPx } = pen;
  const middle = top + lanePx / 2;
  context.fillStyle = color("--line");
  context.fillRect(0, top + lanePx - 1, widthPx, 1);
  const ordered = lane.stretches.toSorted((a, b) => rank(a.state) - rank(b.state));
  for (const stretch of ordered) {
    const look = lookOf(stretch.state);
    const left = x(stretch.from);
    // What lasted a moment must be seen too, as long as there is something wrong with it.
    const least = rank(stretch.state) > rank("running") ? 2 : 0.5;
    const width = Math.max(least, x(stretch.to) - left);
    const box = [left, middle - look.px / 2, width, look.px];
    context.fillStyle = color(look.color);
    context.fillRect(...box);
    if (look.hatch === true) hatch(context, box, color("--panel"));
  }
  context.fillStyle = color("--text");
  for (const end of lane.ends) drawEnd(context, x(end.time_ms), middle - 8);
  if (chosen !== undefined && lane.stretches.includes(chosen)) {
    context.strokeStyle = color("--text");
    context.lineWidth = 2;
    const left = x(chosen.from);
    context.strokeRect(left - 1, top + 2, Math.max(4, x(chosen.to) - left) + 2, lanePx - 5);
  }
}

function rank(state) {
  const at = order.indexOf(state);
  return at < 0 ? order.indexOf("other") : at;
}

/** A small wedge that points at a run's unwanted end. */
function drawEnd(context, x, top) {
  context.beginPath();
  context.moveTo(x - 3.5, top - 4);
  context.lineTo(x + 3.5, top - 4);
  context.lineTo(x, top + 2);
  context.fill();
}

function hatch(context, [left, top, width, height], color) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  // In step with the picture, not with the bar, so that bars side by side look like one.
  const first = Math.floor((left - height) / 6) * 6;
  for (let at = first; at < left + width; at += 6) {
    context.moveTo(at, top + height);
    context.lineTo(at + height, top);
  }
  context.stroke();
  context.restore();
}
