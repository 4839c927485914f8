import { h } from "./dom.js";
import { durationStepsMs, moment, shortDuration } from "./format.js";
import { makeValuesTable } from "./values-table.js";
import { tickText, ticksFor } from "./times.js";

const { uPlot } = globalThis;
const heightPx = 200;
/** With fewer points than this on it, a line shows them. */
const fewPoints = 30;

/** Colours told apart in both themes; what uPlot draws is no HTML, so that they are handed to it. */
const seriesColors = [1, 2, 3, 4, 5, 6, 7].map((n) => `--series-${n}`);
const dashes = [[], [6, 3], [2, 3], [10, 3, 2, 3], [4, 4], [1, 2], [8, 4]];

/**
 * A chart over time, with its table below. `kind` is "lines", "bars" (stacked) or "points"; `format`
 * makes a value's text; `max` is the least top of the y-axis; `axis` is
 * `{format?, steps?}` of its marks: their texts where those are to be shorter, and what they may lie apart.
 *
 * `series(data, view)` gives `{times, series: [{label, values}]}`, times in ms, or undefined where
 * there is nothing. `onZoom` takes the range, in ms, that was dragged over.
 */
export function makeChart({ title, kind, format, axis = {}, max = 0, empty, series, onZoom }) {
  const plotArea = h("div", { class: "plot", role: "img", "aria-label": title });
  const values = makeValuesTable(title, () => last && valuesOf(last, format));
  const drawn = { from: 0, to: 1, series: [] };
  let last;
  let plot;
  let shape = "";

  new ResizeObserver(() => {
    if (plotArea.clientWidth > 0) plot?.setSize({ width: plotArea.clientWidth, height: heightPx });
  }).observe(plotArea);

  function draw() {
    if (last === undefined || !plotArea.isConnected) return;
    const palette = readColors(last.series);
    const data = [
      last.times.map((time) => time / 1000),
      ...(kind === "bars" ? stack(last.series) : last.series.map(({ values }) => values)),
    ];
    Object.assign(drawn, { from: last.from / 1000, to: last.to / 1000, series: last.series });
    // Made anew only where what is drawn is another: otherwise a cursor over it would be lost.
    const newShape = JSON.stringify([last.series.map(({ label }) => label), palette]);
    if (newShape === shape) plot.setData(data);
    else {
      plot?.destroy();
      const width = Math.max(120, plotArea.clientWidth);
      const options = makeOptions({ kind, format, axis, max, drawn, palette, width, onZoom });
      plot = new uPlot(options, data, plotArea);
      shape = newShape;
    }
    plotArea.setAttribute("aria-label", `${title}. ${summarize(last.series, format)}`);
  }

  return {
    element: plotArea,
    footer: values.element,
    placed() {
      draw();
      values.fill();
    },
    show(data, view) {
      const found = series(data, view);
      if (found === undefined || found.times.length === 0) {
        last = undefined;
        return empty;
      }
      last = { ...found, from: view.fromMs, to: view.toMs };
      return undefined;
    },
  };
}

/** The table of what is drawn: a row a time at which there is anything. */
function valuesOf({ times, series }, format) {
  const rows = times
    .map((time, at) => [time, ...series.map(({ values }) => values[at])])
    .filter(([, ...values]) => values.some((value) => value !== null && value !== undefined))
    .map(([time, ...values]) => [moment(time), ...values.map((value) => valueText(value, format))]);
  return { head: ["Time", ...series.map(({ label }) => label)], rows };
}

function makeOptions({ kind, format, axis, max, drawn, palette, width, onZoom }) {
  const common = { stroke: palette.text, grid: { stroke: palette.grid }, ticks: { show: false } };
  return {
    width,
    height: heightPx,
    padding: [12, 8, 0, 0],
    scales: {
      x: { time: true, range: () => [drawn.from, drawn.to] },
      y: { range: (_, __, top) => [0, Math.max(max, (top ?? 0) * 1.1, 1e-9)] },
    },
    axes: [
      {
        ...common,
        size: 30,
        splits: (self) =>
          ticksFor(drawn.from * 1000, drawn.to * 1000, self.bbox.width / devicePixelRatio).map(
            (tick) => tick / 1000,
          ),
        values: (_, ticks) =>
          ticks.map((tick) => tickText(tick * 1000, drawn.from * 1000, drawn.to * 1000)),
      },
      {
        ...common,
        size: 64,
        values: (_, ticks) => ticks.map((tick) => (axis.format ?? format)(tick)),
        ...(axis.steps === undefined ? {} : { incrs: axis.steps }),
      },
    ],
    legend: { live: true },
    cursor: { y: false, points: { size: 6 }, drag: { x: onZoom !== undefined, setScale: false } },
    hooks: {
      setSelect: [
        (self) => {
          if (self.select.width < 5) return;
          const at = (px) => Math.round(self.posToVal(px, "x") * 1000);
          onZoom?.(at(self.select.left), at(self.select.left + self.select.width));
        },
      ],
    },
    series: [
      {
        label: "Time",
        value: (_, at) => (at === null || at === undefined ? "–" : moment(at * 1000)),
      },
      ...drawn.series.map(({ label }, index) => ({
        label,
        value: (_, __, ___, at) => valueText(drawn.series[index]?.values[at ?? -1], format),
        ...drawing(kind, palette.series[index], index),
      })),
    ],
  };
}

function drawing(kind, color, index) {
  switch (kind) {
    case "bars":
      return {
        stroke: color,
        fill: color,
        paths: uPlot.paths.bars({ size: [0.8, 40] }),
        points: { show: false },
      };
    case "points":
      // Rings around each other, so that equal values hide none.
      return {
        stroke: color,
        paths: () => null,
        points: {
          show: true,
          size: 7 + 4 * index,
          width: 2,
          fill: index === 0 ? color : "transparent",
        },
      };
    default:
      // Not by colour alone.
      return {
        stroke: color,
        width: 2,
        dash: dashes[index % dashes.length],
        // A value that stands alone makes no line.
        points: { size: 5, show: (_, __, first, last) => last - first < fewPoints },
      };
  }
}

/**
 * Each series on top of those after it: the highest is drawn first, and each later one covers its
 * foot. Where a series has nothing there is no bar, not even a flat one.
 */
function stack(series) {
  let below;
  return series
    .toReversed()
    .map(({ values }) => {
      const at = (index) => below?.[index] ?? 0;
      below = values.map((value, index) => (value ?? 0) + at(index));
      return below.map((height, index) => (values[index] === null ? null : height));
    })
    .toReversed();
}

function valueText(value, format) {
  return value === null || value === undefined ? "–" : format(value);
}

/** How an axis of durations is marked. */
export const durationAxis = { format: shortDuration, steps: durationStepsMs };

/** What somebody who cannot see the chart most wants to know of it. */
function summarize(series, format) {
  return series
    .map(({ label, values }) => {
      const known = values.filter((value) => value !== null && value !== undefined);
      if (known.length === 0) return `${label}: nothing`;
      return `${label}: last ${format(known.at(-1))}, at most ${format(Math.max(...known))}`;
    })
    .join("; ");
}

/** Colours by the theme; a series may bring the name of its own. */
function readColors(series) {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  const names = series.map(({ color }, at) => color ?? seriesColors[at % seriesColors.length]);
  return { text: read("--muted"), grid: read("--line"), series: names.map(read) };
}
