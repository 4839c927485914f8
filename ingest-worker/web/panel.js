import { h, note, replaceContent, setText } from "./dom.js";
import { ago, clockTime } from "./format.js";

/**
 * A part of the page that asks for itself, so that one that fails says so in its own place.
 *
 * `load(ask, view)` gets what is shown, `draw` makes what shows it: `{element, show(data, view)}`,
 * where `show` may give back a text for when there is nothing to see. Where a panel can be asked by
 * several parts of the fleet, `by` names them, and the view that `load` gets has the one chosen.
 */
export function makePanel({ id, title, hint, wide = false, by, load, draw }) {
  const parts = makeParts({ id, title, hint, wide, content: draw(), choice: makeChoice(id, by) });
  return {
    element: parts.element,
    /** Another time or filter is wanted: what stands there is of the old one, and must not pass for the new. */
    expect() {
      parts.shownAt = undefined;
      parts.element.setAttribute("aria-busy", "true");
    },
    /** Asks and shows; says whether it went well. Throws where it was aborted, or nobody is signed in. */
    async refresh(ask, view, signal, now) {
      const asked = [];
      try {
        const chosen = parts.choice === undefined ? view : { ...view, by: parts.choice.value };
        const data = await load(notingWhatIsAsked(ask, asked), chosen);
        if (!signal.aborted) showData(parts, data, view, now() - ageOf(asked));
        return true;
      } catch (error) {
        if (signal.aborted || error.status === 401 || error.status === undefined) throw error;
        showFailure(parts, error, now());
        return false;
      } finally {
        if (!signal.aborted) {
          parts.element.removeAttribute("aria-busy");
          showAsked(parts.query, asked);
        }
      }
    },
  };
}

/** What a panel is made of, and when what it shows was asked for. */
function makeParts({ id, title, hint, wide, content, choice }) {
  const state = h("p", { class: "state", hidden: true });
  const body = h("div", { class: "body" }, note("Loading…"));
  const query = h("div", { class: "asked" });
  const unseen = h("span", { class: "unseen" }, ` of ${title}`);
  const element = h(
    "section",
    {
      class: wide ? "panel wide" : "panel",
      id,
      "aria-labelledby": `${id}-title`,
      "aria-busy": "true",
    },
    h(
      "header",
      { class: "head" },
      h("h3", { id: `${id}-title` }, title),
      hint === undefined ? undefined : h("p", { class: "hint" }, hint),
      choice === undefined
        ? undefined
        : h("label", { class: "by" }, h("span", { class: "unseen" }, `${title} `), "by ", choice),
    ),
    state,
    body,
    content.footer,
    h(
      "details",
      { class: "about" },
      h("summary", { "data-key": `about-${id}` }, "Query", unseen),
      query,
    ),
  );
  return { element, content, state, body, query, choice, shownAt: undefined };
}

const partNames = new Map([
  ["machine_type", "machine type"],
  ["project", "project"],
  ["org", "org"],
  ["machine", "machine"],
  ["process", "process"],
  ["version", "version"],
]);

/** What a panel can be split by. Another choice is another question: whoever listens asks it. */
function makeChoice(id, by) {
  if (by === undefined) return undefined;
  const options = by.map((value) => h("option", { value }, partNames.get(value)));
  const change = ({ target }) => target.dispatchEvent(new CustomEvent("ask", { bubbles: true }));
  return h("select", { id: `${id}-by`, change }, ...options);
}

/** How old the oldest of the answers is, ms: the server may have had it for a while. */
function ageOf(asked) {
  return Math.max(0, ...asked.map(({ ageSeconds = 0 }) => ageSeconds)) * 1000;
}

function notingWhatIsAsked(ask, asked) {
  return async (name, values) => {
    try {
      const answer = await ask(name, values);
      asked.push(answer);
      return answer.rows;
    } catch (error) {
      if (error.asked !== undefined) asked.push(error.asked);
      throw error;
    }
  };
}

function showData(parts, data, view, now) {
  const { content, body, state, element } = parts;
  const nothing = content.show(data, view);
  if (nothing !== undefined) replaceContent(body, note(nothing));
  else if (!body.contains(content.element)) replaceContent(body, content.element);
  if (content.footer !== undefined) content.footer.hidden = nothing !== undefined;
  // Drawn once it stands in the page, where it has a size.
  content.placed?.();
  parts.shownAt = now;
  state.hidden = true;
  element.classList.remove("stale");
}

/** What was seen last stays, and says how old it is; where nothing was, the failure stands in its place. */
function showFailure({ content, body, state, element, shownAt }, error, now) {
  if (shownAt !== undefined) {
    element.classList.add("stale");
    state.hidden = false;
    const asOf = `as of ${clockTime(shownAt)}, ${ago(shownAt, now)}`;
    setText(state, `Not up to date: ${asOf}. ${error.message}`);
    return;
  }
  const again = error.retryAfterSeconds > 0 ? ` Try again in ${error.retryAfterSeconds} s.` : "";
  replaceContent(body, note(`${error.message}${again}`, { class: "note error", role: "alert" }));
  if (content.footer !== undefined) content.footer.hidden = true;
}

/** What was asked, how to read it, and how to ask it by hand. */
function showAsked(container, asked) {
  const parts = asked.flatMap(({ query, values }) => [
    h("p", {}, h("strong", {}, query.question), ` ${query.read}`),
    h("p", { class: "hint" }, `By hand: ${commandOf(query.name, values)}`),
    h("pre", { tabindex: "0", "aria-label": `SQL of ${query.name}` }, filledIn(query, values)),
  ]);
  const text = parts.map((part) => part.textContent).join("\n");
  if (container.textContent !== text.replaceAll("\n", "")) container.replaceChildren(...parts);
}

function commandOf(name, values) {
  const options = Object.entries(values).map(
    ([key, value]) => `--param ${shellWord(`${key}=${value}`)}`,
  );
  return ["npx pidnap-ingest sql", `@${name}`, ...options].join(" ");
}

function shellWord(text) {
  return /^[\w.:=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The query's text, with the values in place where they say what is meant: for reading, not for sending. */
function filledIn({ template, parameters }, values) {
  const given = new Map(parameters.map(({ name, default: normal = "" }) => [name, normal]));
  for (const [name, value] of Object.entries(values)) given.set(name, value);
  const types = new Map(parameters.map(({ name, type }) => [name, type]));
  return template.replaceAll(/\{(\w+)\}/g, (_, name) => {
    const value = given.get(name) ?? "";
    return types.get(name) === "text" ? `'${value}'` : `{${name}: ${value}}`;
  });
}
