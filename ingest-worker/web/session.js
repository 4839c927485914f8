/**
 * The viewer's token. It lives as long as this tab, goes out in one header only, and never stays in
 * an address: one that came with it is rewritten before anything else happens.
 */
const key = "viewer-token";

/** Takes a token out of the address (`#token=…`) and keeps it. */
export function takeTokenFromAddress() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  keepToken(token.trim());
}

export function readToken() {
  return sessionStorage.getItem(key) ?? undefined;
}

export function keepToken(token) {
  if (token === "") sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, token);
}

export function forgetToken() {
  sessionStorage.removeItem(key);
}
