/**
 * Makes an element. Children that are texts become text nodes: nothing that came from a journal is
 * ever read as markup. A property that is a function listens to the event it is named after.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false || value === null) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return element;
}

/** Puts new content in place, and the focus back on what had it, by its data-key. */
export function replaceContent(container, ...children) {
  const focused = container.contains(document.activeElement)
    ? document.activeElement.dataset.key
    : undefined;
  container.replaceChildren(...children.filter((child) => child !== undefined));
  if (focused === undefined) return;
  for (const element of container.querySelectorAll("[data-key]")) {
    if (element.dataset.key === focused) element.focus({ preventScroll: true });
  }
}

/** A line in place of content. */
export function note(text, properties = {}) {
  return h("p", { class: "note", ...properties }, text);
}

/** Sets a text only where it is another, so that a screen reader is not told it again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
