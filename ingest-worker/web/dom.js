/**
 * Makes an element. Children that are texts become text nodes: nothing that came from a journal is
 * ever read as markup.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined).map((child) => child));
  return element;
}

/** Puts new content in place, and the focus back on what had it, by its data-key. */
export function replaceContent(container, ...children) {
  const focused = container.contains(document.activeElement)
    ? document.activeElement.dataset.key
    : undefined;
  container.replaceChildren(...children);
  container.removeAttribute("aria-busy");
  if (focused === undefined) return;
  for (const element of container.querySelectorAll("[data-key]")) {
    if (element.dataset.key === focused) element.focus();
  }
}

/** A line in place of content: nothing there, or what went wrong. */
export function note(text, isError = false) {
  return h(
    "p",
    { class: isError ? "note error" : "note", role: isError ? "alert" : undefined },
    text,
  );
}
