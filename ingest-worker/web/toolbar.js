import { addressOf, addressWith, fleetViews } from "./address.js";
import { h, replaceContent, setText } from "./dom.js";
import { presets, toInputTime } from "./times.js";

/** What stands above every view: where one is, the time range, the filters, and what is going on. */
export function makeToolbar({ go, signOut }) {
  const nav = h("nav", { "aria-label": "Views" });
  const range = rangeControls({ go });
  const filters = filterControls({ go });
  const find = findControls({ go });
  const status = h("p", { class: "status", role: "status" }, "Loading…");
  const leave = h("button", { type: "button", hidden: true, click: signOut }, "Sign out");
  nav.hidden = true;
  const asOf = h("p", { class: "as-of" });
  const controls = h("div", { class: "bar-row controls" }, range.element, filters.element);
  const element = h(
    "header",
    { class: "bar" },
    h(
      "div",
      { class: "bar-row" },
      h(
        "h1",
        {},
        h(
          "a",
          { href: "/" },
          h("span", { class: "mark", "aria-hidden": "true" }),
          "pidnap machines",
        ),
      ),
      nav,
      find.element,
      h("div", { class: "news" }, status, asOf),
      leave,
    ),
    controls,
  );
  const needServer = [nav, find.element, controls];
  return {
    element,
    /** Hides what makes no sense before the server has let anyone in. */
    showControls(yes, signedIn = false) {
      for (const one of needServer) one.hidden = !yes;
      leave.hidden = !signedIn;
    },
    showView(view) {
      const links = [...fleetViews].map(([name, label]) =>
        h(
          "a",
          {
            href: addressOf(view, { name }),
            "data-key": `view-${name}`,
            "aria-current": view.name === name && "page",
          },
          label,
        ),
      );
      replaceContent(nav, ...links);
      range.show(view);
      filters.show(view);
      find.view = view;
    },
    showChoices(choices) {
      filters.showChoices(choices);
      find.showChoices(choices);
    },
    /** What is going on is said aloud where it changes; the time beside it is only to be seen. */
    showStatus(text, tone, time) {
      status.className = `status ${tone}`;
      setText(status, text);
      if (time !== undefined) setText(asOf, `as of ${time}`);
    },
  };
}

function rangeControls({ go }) {
  const select = h(
    "select",
    { id: "range", change: () => choose() },
    ...[...presets].map(([value, label]) => h("option", { value }, label)),
    h("option", { value: "custom" }, "From … to …"),
  );
  const from = h("input", { id: "from", type: "datetime-local", step: "1", required: true });
  const to = h("input", { id: "to", type: "datetime-local", step: "1", required: true });
  const form = h(
    "form",
    { class: "custom", hidden: true, submit: (event) => apply(event) },
    h("label", {}, "From ", from),
    h("label", {}, "To ", to),
    h("button", { type: "submit" }, "Apply"),
  );
  let shown;

  function choose() {
    form.hidden = select.value !== "custom";
    if (form.hidden) return go(addressWith(shown, { from: select.value, to: "now" }));
    from.value = toInputTime(shown.fromMs);
    to.value = toInputTime(shown.toMs);
    from.focus();
  }

  function apply(event) {
    event.preventDefault();
    const [fromMs, toMs] = [from, to].map(({ value }) => new Date(value).getTime());
    const wrong = fromMs < toMs ? "" : "The end has to lie after the beginning.";
    to.setCustomValidity(wrong);
    if (wrong !== "") to.reportValidity();
    else go(addressWith(shown, { from: String(fromMs), to: String(toMs) }));
  }
  to.addEventListener("input", () => to.setCustomValidity(""));

  /** The same stretch of time, moved or widened by parts of itself. */
  function move(before, after) {
    const { fromMs, toMs } = shown;
    const length = toMs - fromMs;
    const end = Math.min(Date.now(), toMs + length * after);
    go(
      addressWith(shown, {
        from: String(Math.round(fromMs - length * before)),
        to: String(Math.round(end)),
      }),
    );
  }

  const button = (label, text, press) =>
    h("button", { type: "button", "aria-label": label, title: label, click: press }, text);
  return {
    element: h(
      "div",
      { class: "range" },
      h("label", { for: "range" }, "Time"),
      select,
      form,
      button("Earlier", "◂", () => move(0.5, -0.5)),
      button("Later", "▸", () => move(-0.5, 0.5)),
      button("Zoom out", "⤢", () => move(0.5, 0.5)),
    ),
    show(view) {
      shown = view;
      const preset = view.to === "now" && presets.has(view.from);
      select.value = preset ? view.from : "custom";
      form.hidden = preset;
      if (preset || form.contains(document.activeElement)) return;
      from.value = toInputTime(view.fromMs);
      to.value = toInputTime(view.toMs);
    },
  };
}

const filterNames = [
  ["org", "Org"],
  ["project", "Project"],
  ["type", "Machine type"],
];

function filterControls({ go }) {
  const selects = new Map();
  let shown;
  const labels = filterNames.map(([name, label]) => {
    const select = h("select", {
      id: `filter-${name}`,
      change: () => go(addressWith(shown, { [name]: select.value })),
    });
    selects.set(name, select);
    return h("label", {}, `${label} `, select);
  });
  const known = { org: [], project: [], type: [] };

  function draw() {
    for (const [name, select] of selects) {
      const current = shown?.[name] ?? "";
      const values = [...new Set([...known[name], current])].filter((value) => value !== "");
      const all = h("option", { value: "" }, "All");
      select.replaceChildren(
        all,
        ...values
          .toSorted((a, b) => a.localeCompare(b))
          .map((value) => h("option", { value }, value)),
      );
      select.value = current;
    }
  }

  return {
    element: h("div", { class: "filters" }, ...labels),
    show(view) {
      shown = view;
      draw();
    },
    showChoices({ org, project, type }) {
      const changed = JSON.stringify([org, project, type]) !== JSON.stringify(Object.values(known));
      Object.assign(known, { org, project, type });
      // An open list must not change under the hand that is in it.
      if (changed && !labels.some((label) => label.contains(document.activeElement))) draw();
    },
  };
}

/** A machine or a process by its name, whatever view one is in. */
function findControls({ go }) {
  const list = h("datalist", { id: "names" });
  const input = h("input", {
    id: "find",
    type: "search",
    list: "names",
    placeholder: "Machine or process",
  });
  const known = { machines: [], processes: [] };
  /** Whether the names are here yet; what was looked for before they were is looked for then. */
  const waiting = { forNames: true, text: "" };
  const submit = (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (waiting.forNames) waiting.text = text;
    else if (text !== "") goTo(text);
  };

  function goTo(text) {
    const isProcess = known.processes.includes(text) && !known.machines.includes(text);
    input.value = "";
    go(addressOf(find.view, isProcess ? { process: text } : { machine: text }));
  }

  const find = {
    element: h(
      "form",
      { class: "find", role: "search", submit },
      h("label", { for: "find", class: "unseen" }, "Find a machine or a process"),
      input,
      list,
      h("button", { type: "submit" }, "Go"),
    ),
    view: undefined,
    showChoices({ machines, processes }) {
      Object.assign(known, { machines, processes });
      const { text } = waiting;
      Object.assign(waiting, { forNames: false, text: "" });
      if (text !== "") goTo(text);
      list.replaceChildren(...[...machines, ...processes].map((value) => h("option", { value })));
    },
  };
  return find;
}
