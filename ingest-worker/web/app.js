import { addressWith, readAddress } from "./address.js";
import { getJson, makeAsker } from "./api.js";
import { h } from "./dom.js";
import { clockTime } from "./format.js";
import { forgetToken, takeTokenFromAddress } from "./session.js";
import { notConfigured, signInForm } from "./sign-in.js";
import { makeToolbar } from "./toolbar.js";
import { loadChoices, makeView } from "./views.js";

takeTokenFromAddress();

/** How often the lists of the filters are asked for, ms: they hardly change. */
const choicesMs = 60_000;

const main = document.getElementById("main");
const toolbar = makeToolbar({ go, signOut: () => askToSignIn({ slug: "no-token" }) });
main.before(toolbar.element);

/** What the server said of itself: `{queries, refreshMs, signIn}`; undefined until it has. */
let server;
/** What is on the page: its key, its panels and the address that they were asked for. */
let shown = { key: "", panels: [], search: "" };
/** Ends the questions under way when another view is wanted. */
let asking = new AbortController();
let timer;
let choicesAt = -Infinity;
/** Whether a token is waited for: nothing is asked then, and nothing disturbs who types. */
let signedOut = false;

addEventListener("popstate", () => void refresh());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void refresh();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void refresh());
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/']");
  const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (link === null || link === undefined || elsewhere || event.defaultPrevented) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
main.addEventListener("ask", (event) => {
  const panel = shown.panels.find(({ element }) => element.contains(event.target));
  panel?.expect();
  void refresh();
});
void refresh();

function go(address) {
  history.pushState(null, "", address);
  void refresh();
}

/** Asks for everything that is to be seen, shows it, and comes back. One refresh at a time. */
async function refresh() {
  if (signedOut) return;
  clearTimeout(timer);
  asking.abort();
  const mine = (asking = new AbortController());
  const { signal } = mine;
  try {
    server ??= await meetServer(signal);
    if (signal.aborted) return;
    const failed = await showView(signal);
    if (!signal.aborted) showOutcome(failed);
  } catch (error) {
    if (signal.aborted) return;
    if (error.status === undefined) throw error;
    showRefusal(error);
  }
  // A page that nobody looks at asks nothing; coming back to it asks at once.
  if (!document.hidden && !signal.aborted && !signedOut) {
    timer = setTimeout(() => void refresh(), server?.refreshMs ?? 10_000);
  }
}

/** What is there to be asked, and how often. */
async function meetServer(signal) {
  const { answer: about } = await getJson("/api/view", signal);
  const { answer: list } = await getJson("/api/queries", signal);
  return { ...about, queries: new Map(list.map((query) => [query.name, query])) };
}

async function showView(signal) {
  const view = readAddress(location.search, Date.now());
  const ask = makeAsker(server.queries, signal);
  const key = JSON.stringify([view.name, view.machine, view.process]);
  if (key !== shown.key) build(key, view);
  else if (location.search !== shown.search) shown.panels.forEach((panel) => panel.expect());
  shown.search = location.search;
  toolbar.showView(view);
  toolbar.showControls(true, server.signIn);
  const outcomes = await Promise.all([
    ...shown.panels.map((panel) => panel.refresh(ask, view, signal, Date.now)),
    refreshChoices(ask, view),
  ]);
  return outcomes.filter((outcome) => outcome === false).length;
}

function build(key, view) {
  const first = shown.key === "";
  const { title, heading, panels } = makeView(view, { onZoom: zoom, now: Date.now });
  shown = { key, panels, search: location.search };
  document.title = `${title} · pidnap machines`;
  const element = h("h2", { tabindex: "-1" }, heading);
  main.replaceChildren(element, h("div", { class: "panels" }, ...panels.map((one) => one.element)));
  // Whoever followed a link is where it led, also without looking.
  if (!first) element.focus({ preventScroll: true });
  if (!first) scrollTo(0, 0);
}

function zoom(fromMs, toMs) {
  const view = readAddress(location.search, Date.now());
  go(addressWith(view, { from: String(fromMs), to: String(toMs) }));
}

/** The lists of the filters. A failure of theirs is one of all: the panels say so. */
async function refreshChoices(ask, view) {
  if (Date.now() - choicesAt < choicesMs) return;
  try {
    toolbar.showChoices(await loadChoices(ask, view));
    choicesAt = Date.now();
  } catch (error) {
    if (error.status === undefined) throw error;
  }
}

function showOutcome(failed) {
  const total = shown.panels.length;
  if (failed === 0) toolbar.showStatus("Live", "good", clockTime(Date.now()));
  else toolbar.showStatus(`${failed} of ${total} panels are not up to date`, "bad");
}

/** What keeps the whole page from being shown. */
function showRefusal(error) {
  if (error.status === 401 || error.status === 403) return askToSignIn(error);
  toolbar.showStatus("Not connected", "bad");
  if (server !== undefined) return;
  if (error.slug === "dashboard-not-configured") showInstead(notConfigured(error));
  else showInstead(h("p", { class: "panel note error", role: "alert" }, error.message));
}

function askToSignIn(error) {
  forgetToken();
  server = undefined;
  choicesAt = -Infinity;
  signedOut = true;
  asking.abort();
  const why = error.slug === "no-token" ? undefined : error.message;
  showInstead(
    signInForm(why, () => {
      signedOut = false;
      void refresh();
    }),
  );
  toolbar.showStatus("Signed out", "bad");
  document.getElementById("token").focus();
}

/** Something in place of every view; typing in it is not disturbed by the next try. */
function showInstead(element) {
  shown = { key: "", panels: [], search: "" };
  toolbar.showControls(false);
  if (main.textContent !== element.textContent) main.replaceChildren(element);
}
