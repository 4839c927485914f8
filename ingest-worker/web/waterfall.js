import { addressOf } from "./address.js";
import { h, replaceContent } from "./dom.js";
import { duration, moment } from "./format.js";
import { makeWaterfall } from "./waterfall-model.js";

const kinds = {
  machine: "until then",
  process: "first running",
  task: "task",
  failed: "task, failed",
  mark: "reached",
  total: "time to ready",
};

/** A machine's start-up as a waterfall: a table whose last column is drawn to scale. */
export function makeWaterfallView() {
  const box = h("div", {
    class: "scroll whole",
    role: "group",
    "aria-label": "Start-up, step by step",
  });
  return {
    element: box,
    show({ boot, rows }, view) {
      if (boot === undefined) return "No boot was seen in thirty days.";
      const model = makeWaterfall(rows);
      if (model.steps.length === 0) return "Nothing is known of this start-up.";
      replaceContent(box, caption(boot, model), table(model, view));
      return undefined;
    },
  };
}

function caption(boot, { start, startup }) {
  const text = `Boot ${boot.slice(0, 8)}, started ${moment(start)}: ${outcomeOf(startup)}`;
  return h("p", { class: "hint" }, text);
}

function outcomeOf(startup) {
  if (startup === undefined) return "not over, as far as is known";
  return startup.state === "ready"
    ? `ready after ${duration(startup.time_to_ready_ms)}`
    : "never ready";
}

function table({ steps, end }, view) {
  const rows = steps.map((step) =>
    h(
      "tr",
      { class: step.kind === "total" ? "total" : undefined },
      h("th", { scope: "row" }, stepName(step, view)),
      h("td", {}, kinds[step.kind]),
      h("td", { class: "number" }, duration(step.from)),
      h("td", { class: "number" }, lastText(step)),
      h("td", { class: "bar-cell" }, bar(step, end)),
    ),
  );
  const head = ["Step", "What", "From", "Took"].map((text) => h("th", { scope: "col" }, text));
  return h(
    "table",
    { class: "waterfall" },
    h("caption", { class: "unseen" }, "Steps of the start-up, in their order"),
    h(
      "thead",
      {},
      h("tr", {}, ...head, h("th", { scope: "col" }, h("span", { class: "unseen" }, "To scale"))),
    ),
    h("tbody", {}, ...rows),
  );
}

function stepName({ label, process }, view) {
  if (process === undefined) return label;
  return h("a", { href: addressOf(view, { process }), "data-key": `step-${process}` }, label);
}

function lastText({ kind, from, to }) {
  if (kind === "mark" || kind === "process") return "–";
  return to === undefined ? "not ended" : duration(to - from);
}

/** Drawn by widths in percent; the numbers stand in the cells beside it. */
function bar({ kind, from, to }, end) {
  const width = ((to ?? end) - from) / end;
  const fill = h("span", { class: `fill ${kind}${to === undefined ? " open" : ""}` });
  fill.style.marginInlineStart = `${(from / end) * 100}%`;
  fill.style.width = `max(3px, ${width * 100}%)`;
  return h("span", { class: "track", "aria-hidden": "true" }, fill);
}
