import { h, replaceContent } from "./dom.js";
import { formatFor } from "./format.js";

/** Rows that are seen at first; the rest is a press of a button away. */
const firstRows = 10;

/**
 * A table of rows. A column is `{name, label, unit?, cell?(row, view), value?(row), tone?(row)}`: `cell`
 * gives the content where it is more than a formatted value, `tone` a class for what deserves notice.
 * Columns are sorted by pressing their heading; the order in which rows came is the first.
 */
export function makeTable({ caption, columns, empty, key, rowTone, limit = firstRows }) {
  const box = h("div", { class: "scroll", role: "group", "aria-label": caption });
  let sorted;
  let whole = false;
  let last;

  function draw() {
    const { rows, view } = last;
    const ordered = sorted === undefined ? rows : rows.toSorted(comparing(sorted));
    const shown = whole ? ordered : ordered.slice(0, limit);
    const body = shown.map((row) =>
      h(
        "tr",
        { class: rowTone?.(row, view) },
        ...columns.map((column, at) => cellOf(column, row, view, at === 0)),
      ),
    );
    const more =
      rows.length > limit
        ? h(
            "button",
            { type: "button", class: "more", "data-key": `more-${key}`, click: toggleWhole },
            whole ? "Show fewer" : `Show all ${rows.length}`,
          )
        : undefined;
    const table = h(
      "table",
      {},
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, ...columns.map(heading))),
      h("tbody", {}, ...body),
    );
    replaceContent(box, table, more);
  }

  function toggleWhole() {
    whole = !whole;
    draw();
  }

  function heading(column) {
    const direction = sorted?.column === column ? sorted.direction : 0;
    const press = () => {
      const first = isNumeric(column) ? -1 : 1;
      sorted = { column, direction: direction === 0 ? first : -direction };
      draw();
    };
    return h(
      "th",
      {
        scope: "col",
        class: isNumeric(column) ? "number" : undefined,
        "aria-sort": { 1: "ascending", [-1]: "descending" }[direction],
      },
      h(
        "button",
        { type: "button", "data-key": `sort-${key}-${column.name}`, click: press },
        column.label,
      ),
    );
  }

  return {
    element: box,
    show(rows, view) {
      if (rows.length === 0) return empty;
      last = { rows, view };
      draw();
      return undefined;
    },
  };
}

const textUnits = new Set([undefined, "text", "time", "ago"]);

function isNumeric({ unit }) {
  return !textUnits.has(unit);
}

function cellOf(column, row, view, isFirst) {
  const value = valueOf(column, row);
  const content =
    column.cell?.(row, view) ?? (value === null ? "–" : formatFor(column.unit)(value));
  const classes = [isNumeric(column) ? "number" : "", column.tone?.(row, view) ?? ""]
    .filter((name) => name !== "")
    .join(" ");
  return h(
    isFirst ? "th" : "td",
    { class: classes === "" ? undefined : classes, scope: isFirst ? "row" : undefined },
    ...[content].flat(),
  );
}

function valueOf({ name, value }, row) {
  return value === undefined ? row[name] : value(row);
}

function comparing({ column, direction }) {
  return (one, other) => {
    const [a, b] = [valueOf(column, one), valueOf(column, other)];
    if (typeof a === "number" && typeof b === "number") return (a - b) * direction;
    return String(a).localeCompare(String(b)) * direction;
  };
}
