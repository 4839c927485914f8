import { h } from "./dom.js";

/**
 * What a picture shows as a table, for whoever cannot see it or wants the numbers: closed at first,
 * and filled while it is open. `read()` gives `{head, rows}`, rows of texts whose first is the row's
 * heading, or undefined where there is nothing.
 */
export function makeValuesTable(title, read) {
  const box = h("div", {
    class: "scroll",
    tabindex: "0",
    role: "group",
    "aria-label": `${title}: values`,
  });
  const summary = h("summary", {}, "Table", h("span", { class: "unseen" }, ` of ${title}`));
  const element = h("details", { class: "values", toggle: fill }, summary, box);

  function fill() {
    const found = element.open ? read() : undefined;
    if (found === undefined) return;
    const { head, rows } = found;
    box.replaceChildren(
      h(
        "table",
        {},
        h("caption", { class: "unseen" }, title),
        h("thead", {}, h("tr", {}, ...head.map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, ...rows.map(rowOf)),
      ),
    );
  }

  return { element, fill };
}

function rowOf([heading, ...texts]) {
  return h("tr", {}, h("th", { scope: "row" }, heading), ...texts.map((text) => h("td", {}, text)));
}
