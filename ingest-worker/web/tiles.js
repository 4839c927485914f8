import { h, replaceContent } from "./dom.js";

/**
 * A row of figures: `tiles(data, view)` gives `{label, value, tone?, href?, note?}` each. Where the
 * data `isEmpty`, the text `empty` stands in their place.
 */
export function makeTiles({ tiles, isEmpty, empty }) {
  const list = h("dl", { class: "tiles" });
  return {
    element: list,
    show(data, view) {
      if (isEmpty?.(data) === true) return empty;
      replaceContent(list, ...tiles(data, view).map(tile));
      return undefined;
    },
  };
}

function tile({ label, value, tone, href, note }) {
  const figure = href === undefined ? value : h("a", { href, "data-key": `tile-${label}` }, value);
  return h(
    "div",
    { class: "tile" },
    h("dt", {}, label),
    h("dd", { class: tone }, figure),
    note === undefined ? undefined : h("dd", { class: "hint" }, note),
  );
}
