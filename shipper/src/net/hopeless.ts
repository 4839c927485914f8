import type { RequestError } from "../errors.ts";

const statuses = [401, 403, 404, 405, 415];

/** Whether no waiting heals it: where nobody watches, trying on makes no sense. */
export function isHopeless(error: RequestError): boolean {
  return statuses.includes(error.status) || error.slug === "redirect";
}
