import { addressOf } from "./address.js";
import { h, replaceContent, setText } from "./dom.js";
import { duration, exitText, moment } from "./format.js";
import {
  axisPx,
  bootPx,
  drawnStates,
  drawTimeline,
  heightOf,
  lanePx,
  lookOf,
} from "./timeline-draw.js";
import { makeTimeline } from "./timeline-model.js";
import { makeValuesTable } from "./values-table.js";

/** Rows of the table below the picture: more than a person reads. */
const maxTableRows = 500;

/** Changes that the query gives at most, the latest; where there are as many, earlier ones are missing. */
const maxChanges = 10_000;

const help =
  "Arrow keys go from stretch to stretch and from process to process, Enter zooms to one. Drag to zoom.";

/**
 * A machine's processes as a timeline of states, boot by boot: names are links, the picture can be
 * walked through by keys, and what is picked is said in a line below it. `onZoom` takes a range in ms.
 */
export function makeTimelineView({ onZoom, now }) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const stage = h(
    "div",
    {
      class: "stage",
      tabindex: "0",
      role: "application",
      "aria-label": `Timeline of processes. ${help}`,
    },
    canvas,
    h("div", { class: "brush", hidden: true }),
  );
  const names = h("ul", { class: "lanes" });
  const said = h("p", { class: "said", role: "status" }, help);
  const cut = h("p", { class: "state", hidden: true });
  const element = h(
    "div",
    { class: "timeline" },
    cut,
    h("div", { class: "tracks" }, names, stage),
    said,
    legend(),
  );
  const values = makeValuesTable("Timeline of processes", () => valuesOf(shown.model));
  const shown = { model: { lanes: [], boots: [] }, view: undefined, chosen: undefined };

  function draw() {
    if (shown.view === undefined || canvas.clientWidth === 0) return;
    const { fromMs: from, toMs: to } = shown.view;
    drawTimeline(canvas, shown.model, { from, to, chosen: shown.chosen });
  }

  function choose(stretch, lane) {
    shown.chosen = stretch;
    setText(said, stretch === undefined ? help : sentence(lane, stretch));
    draw();
  }

  new ResizeObserver(draw).observe(stage);
  listenToKeys(stage, shown, choose, onZoom);
  listenToPointer(stage, shown, choose, onZoom);

  return {
    element,
    footer: values.element,
    placed() {
      draw();
      values.fill();
    },
    show(data, view) {
      const model = makeTimeline({ ...data, from: view.fromMs, to: view.toMs, now: now() });
      if (model.lanes.length === 0) return "No process was seen in this time.";
      cut.hidden = data.transitions.length < maxChanges;
      setText(
        cut,
        `The latest ${maxChanges} changes alone: look at a shorter time for the earlier ones.`,
      );
      const again = sameStretch(model, shown.chosen);
      Object.assign(shown, { model, view, chosen: again });
      canvas.style.height = `${heightOf(model.lanes.length)}px`;
      replaceContent(names, ...model.lanes.map((lane) => laneName(lane, view)));
      return undefined;
    },
  };
}

function laneName({ process, kind }, view) {
  return h(
    "li",
    {},
    h("a", { href: addressOf(view, { process }), "data-key": process, title: process }, process),
    kind === "process" || kind === "" ? undefined : h("span", { class: "kind" }, ` ${kind}`),
  );
}

/** What was picked is picked still, after new data has come. */
function sameStretch({ lanes }, chosen) {
  if (chosen === undefined) return undefined;
  for (const { stretches } of lanes) {
    const same = stretches.find(
      ({ from, state, boot }) =>
        from === chosen.from && state === chosen.state && boot === chosen.boot,
    );
    if (same !== undefined) return same;
  }
  return undefined;
}

function sentence({ process }, { from, to, state, open, ends, restarts, boot }) {
  const parts = [
    `${process}: ${state}, ${moment(from)} to ${open ? "now" : moment(to)}, ${duration(to - from)}`,
  ];
  if (ends !== undefined) parts.push(`then ${ends.state}${exitSaid(ends)}`);
  if (restarts > 0) parts.push(`restarts ${restarts}`);
  parts.push(`boot ${boot.slice(0, 8)}`);
  return parts.join("; ");
}

function exitSaid({ previous, exit_code: code, signal }) {
  if (previous !== "running" || (code === -1 && signal === "")) return "";
  return `, exit ${exitText(code, signal)}`;
}

function listenToKeys(stage, shown, choose, onZoom) {
  const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  stage.addEventListener("keydown", (event) => {
    const { lanes } = shown.model;
    const row = Math.max(
      0,
      lanes.findIndex(({ stretches }) => stretches.includes(shown.chosen)),
    );
    const lane = lanes[row];
    if (lane === undefined) return;
    const at = lane.stretches.indexOf(shown.chosen);
    const step = steps[event.key];
    if (step !== undefined) {
      const nextLane = lanes[Math.min(Math.max(row + (at < 0 ? 0 : step[0]), 0), lanes.length - 1)];
      const found =
        step[0] === 0 || at < 0 ? nextInLane(lane, at, step[1]) : nearest(nextLane, shown.chosen);
      choose(found, nextLane);
    } else if (event.key === "Home") choose(lane.stretches[0], lane);
    else if (event.key === "End") choose(lane.stretches.at(-1), lane);
    else if (event.key === "Escape") choose(undefined, lane);
    else if (event.key === "Enter" && shown.chosen !== undefined) zoomTo(shown.chosen, onZoom);
    else return;
    event.preventDefault();
  });
}

function nextInLane({ stretches }, at, step) {
  return stretches[Math.min(Math.max(at + step, 0), stretches.length - 1)];
}

/** The stretch of another lane that lies where the one picked lies. */
function nearest({ stretches }, { from }) {
  return stretches.findLast((one) => one.from <= from) ?? stretches[0];
}

/** A stretch with a little of what is around it. */
function zoomTo({ from, to }, onZoom) {
  const margin = Math.max(5000, (to - from) * 0.1);
  onZoom(Math.round(from - margin), Math.round(to + margin));
}

function listenToPointer(stage, shown, choose, onZoom) {
  const brush = stage.querySelector(".brush");
  let downAt;
  const offset = (event) => event.clientX - stage.getBoundingClientRect().left;
  const timeAt = (px) => {
    const { fromMs, toMs } = shown.view;
    return fromMs + Math.min(Math.max(px / stage.clientWidth, 0), 1) * (toMs - fromMs);
  };
  stage.addEventListener("pointermove", (event) => {
    if (shown.view === undefined) return;
    if (downAt === undefined)
      return choose(...stretchAt(shown, stage, event, timeAt(offset(event))));
    const [left, right] = [downAt, offset(event)].toSorted((a, b) => a - b);
    brush.hidden = right - left < 5;
    brush.style.left = `${left}px`;
    brush.style.width = `${right - left}px`;
  });
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    downAt = offset(event);
    // Its end counts too where it lies outside.
    stage.setPointerCapture(event.pointerId);
  });
  const release = (event) => {
    if (downAt === undefined) return;
    const [left, right] = [downAt, offset(event)].toSorted((a, b) => a - b);
    downAt = undefined;
    brush.hidden = true;
    const isDrag = event.type === "pointerup" && right - left >= 5;
    if (isDrag) onZoom(Math.round(timeAt(left)), Math.round(timeAt(right)));
  };
  stage.addEventListener("pointerup", release);
  stage.addEventListener("pointercancel", release);
}

function stretchAt({ model, view }, stage, event, time) {
  const y = event.clientY - stage.getBoundingClientRect().top - axisPx - bootPx;
  const lane = model.lanes[Math.floor(y / lanePx)];
  const pxMs = (view.toMs - view.fromMs) / stage.clientWidth;
  return [
    lane?.stretches.findLast((one) => one.from - pxMs <= time && one.to + pxMs >= time),
    lane,
  ];
}

function legend() {
  const items = drawnStates.map((state) => {
    const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.setProperty("background", `var(${lookOf(state).color})`);
    swatch.style.setProperty("height", `${lookOf(state).px}px`);
    return h("li", {}, swatch, state);
  });
  return h(
    "ul",
    { class: "legend", "aria-label": "States" },
    ...items,
    h("li", {}, h("span", { class: "wedge", "aria-hidden": "true" }, "▼"), "ended unasked"),
  );
}

/** Every stretch that is drawn, the latest first. */
function valuesOf({ lanes }) {
  const all = lanes
    .flatMap((lane) => lane.stretches.map((stretch) => ({ ...stretch, process: lane.process })))
    .toSorted((a, b) => b.from - a.from);
  const rows = all
    .slice(0, maxTableRows)
    .map(({ process, state, from, to, ends, open, boot }) => [
      process,
      state,
      moment(from),
      `${duration(to - from)}${open ? " so far" : ""}`,
      ends === undefined ? "–" : `${ends.state}${exitSaid(ends)}`,
      boot.slice(0, 8),
    ]);
  return { head: ["Process", "State", "From", "For", "Then", "Boot"], rows };
}
