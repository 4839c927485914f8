import { valuesOf } from "./address.js";
import { durationMs, stepFor } from "./times.js";

/** What a line chart's step, and a bar chart's, divide the range into at most. */
const linePoints = 180;
const barPoints = 48;

/** The values of a query: the view's range and filters, a step that fits the range, and what is said here. */
export function asked(view, more = {}) {
  const rangeMs = view.toMs - view.fromMs;
  return { ...valuesOf(view), step: stepFor(rangeMs, linePoints), ...more };
}

/** The same with the wider steps of bars. */
export function askedInBars(view, more = {}) {
  return asked(view, { step: stepFor(view.toMs - view.fromMs, barPoints), ...more });
}

/** The same, but from at least so far before the range's end: what lasts was said long ago. */
export function askedFarBack(view, least, more = {}) {
  const leastMs = durationMs(least);
  if (view.toMs - view.fromMs >= leastMs) return asked(view, more);
  const from = view.to === "now" ? least : String(Math.round(view.toMs - leastMs));
  return asked(view, { from, ...more });
}

/** A panel's `load` for one query. */
export function one(name, values = asked) {
  return (ask, view) => ask(name, values(view));
}
