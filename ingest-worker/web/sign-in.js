import { h } from "./dom.js";
import { keepToken } from "./session.js";

/** Asks for a viewer's token; `why` says what became of the one before. */
export function signInForm(why, onSignedIn) {
  const input = h("input", {
    id: "token",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    required: true,
    "aria-describedby": "token-help",
  });
  const submit = (event) => {
    event.preventDefault();
    keepToken(input.value.trim());
    onSignedIn();
  };
  return h(
    "section",
    { class: "panel sign-in", "aria-labelledby": "sign-in-title" },
    h("h2", { id: "sign-in-title" }, "Sign in"),
    why === undefined ? undefined : h("p", { class: "error", role: "alert" }, why),
    h(
      "form",
      { submit },
      h("label", { for: "token" }, "Viewer token"),
      input,
      h("button", { type: "submit" }, "Sign in"),
    ),
    h(
      "p",
      { class: "hint", id: "token-help" },
      "Made with ",
      h("code", {}, "pidnap-ingest token --view --org ORG"),
      ". It stays in this tab and is sent to this server alone.",
    ),
  );
}

/** Says that the server has no way to read its dataset, and what to do. */
export function notConfigured({ message, missing = [] }) {
  const commands = missing.map((name) => `npx wrangler secret put ${name}`).join("\n");
  return h(
    "section",
    { class: "panel sign-in", "aria-labelledby": "configure-title" },
    h("h2", { id: "configure-title" }, "This dashboard is not configured"),
    h("p", { role: "alert" }, message),
    h("p", {}, "In ingest-worker/, with the account whose dataset this is:"),
    h("pre", { tabindex: "0", "aria-label": "Commands" }, commands),
    h(
      "p",
      { class: "hint" },
      "CLOUDFLARE_ACCOUNT_ID is the account's id. ANALYTICS_API_TOKEN is an API token with the permission ",
      h("q", {}, "Account Analytics: Read"),
      "; it stays in the Worker. docs/dashboard.md says more.",
    ),
  );
}
