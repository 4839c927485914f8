import uPlot from "../vendor/uPlot.esm.js";
import { h, note } from "./dom.js";
import { moment } from "./format.js";

const heightPx = 190;

/** What uPlot draws is no HTML: the style sheet's colours have to be handed to it. */
const seriesColors = [1, 2, 3, 4, 5, 6, 7].map((n) => `--series-${n}`);

/**
 * A chart with a title, in a panel of its own. `kind` is "lines", "bars" (stacked) or "points";
 * `format` makes a value's text; `max` is the least top of the y-axis, `steps` what its marks may
 * lie apart.
 *
 * `show` takes `times` in ms, `series` as `{label, values}` and the bounds of the x-axis in ms;
 * `empty` and `fail` say in its place why there is nothing to see.
 */
export function makeChart({ title, kind, format, max = 0, steps }) {
  const plotArea = h("div", { class: "plot", role: "img", "aria-label": title });
  const element = h("figure", { class: "panel chart" }, h("figcaption", {}, title), plotArea);
  const view = { from: 0, to: 1, series: [] };
  let plot;
  let shape = "";

  new ResizeObserver(() => {
    plot?.setSize({ width: plotArea.clientWidth, height: heightPx });
  }).observe(plotArea);

  function replaceWith(message, isError) {
    plot?.destroy();
    plot = undefined;
    shape = "";
    plotArea.setAttribute("aria-label", `${title}: ${message}`);
    plotArea.replaceChildren(note(message, isError));
  }

  return {
    element,
    fail: (message) => replaceWith(message, true),
    empty: (message) => replaceWith(message, false),
    show({ times, series, from, to }) {
      const palette = readColors();
      const data = [
        times.map((time) => time / 1000),
        ...(kind === "bars" ? stack(series) : series.map(({ values }) => values)),
      ];
      Object.assign(view, { from: from / 1000, to: to / 1000, series });
      // Made anew only where what is drawn is another: otherwise a cursor over it would be lost.
      const newShape = JSON.stringify([series.map(({ label }) => label), palette]);
      if (newShape === shape) {
        plot.setData(data);
      } else {
        plot?.destroy();
        plotArea.replaceChildren();
        const width = plotArea.clientWidth;
        plot = new uPlot(
          makeOptions({ kind, format, max, steps, view, palette, width }),
          data,
          plotArea,
        );
        shape = newShape;
      }
      plotArea.setAttribute("aria-label", `${title}. ${summarize(series, format)}`);
    },
  };
}

function makeOptions({ kind, format, max, steps, view, palette, width }) {
  const axis = { stroke: palette.text, grid: { stroke: palette.grid }, ticks: { show: false } };
  return {
    width,
    height: heightPx,
    padding: [12, 8, 0, 0],
    scales: {
      x: { time: true, range: () => [view.from, view.to] },
      y: { range: (_, __, top) => [0, Math.max(max, (top ?? 0) * 1.1, 1e-9)] },
    },
    axes: [
      {
        ...axis,
        space: 60,
        size: 30,
        values: (_, ticks) => ticks.map((tick) => timeText(tick, view)),
      },
      {
        ...axis,
        size: 62,
        values: (_, ticks) => ticks.map((tick) => format(tick)),
        ...(steps === undefined ? {} : { incrs: steps }),
      },
    ],
    legend: { live: true },
    cursor: { y: false, points: { size: 6 } },
    series: [
      { label: "time", value: (_, at) => (at === null ? "–" : moment(at * 1000)) },
      ...view.series.map(({ label }, index) => ({
        label,
        value: (_, __, ___, at) => valueText(view.series[index]?.values[at ?? -1], format),
        ...drawing(kind, palette.series[index % palette.series.length]),
      })),
    ],
  };
}

function drawing(kind, color) {
  switch (kind) {
    case "bars":
      return {
        stroke: color,
        fill: color,
        paths: uPlot.paths.bars({ size: [0.8, 40] }),
        points: { show: false },
      };
    case "points":
      return { stroke: color, paths: () => null, points: { show: true, size: 9, fill: color } };
    default:
      return { stroke: color, width: 2, points: { show: false } };
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

const dayMs = 86_400_000;

/** A mark of the time axis: the time of day, or the day where the axis has several. */
function timeText(seconds, { from, to }) {
  const date = new Date(seconds * 1000);
  if ((to - from) * 1000 <= dayMs) {
    return date.toLocaleTimeString(undefined, {
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    });
  }
  return date.toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

function valueText(value, format) {
  return value === null || value === undefined ? "–" : format(value);
}

/** What somebody who cannot see the chart most wants to know of it. */
function summarize(series, format) {
  return series
    .map(({ label, values }) => {
      const known = values.filter((value) => value !== null);
      if (known.length === 0) return `${label}: nothing`;
      return `${label}: last ${format(known.at(-1))}, at most ${format(Math.max(...known))}`;
    })
    .join("; ");
}

function readColors() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return { text: read("--muted"), grid: read("--line"), series: seriesColors.map(read) };
}
