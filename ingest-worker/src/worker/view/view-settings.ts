import { z } from "zod";
import { defaultViewRefreshMs } from "../limits.ts";
import type { RefusalOf } from "../refusal.ts";
import { SettingsError } from "../settings.ts";
import type { CloudflareAccount } from "./upstream.ts";

const filled = z.string().trim().min(1);

/** Where the account's token may go: over TLS, or to this very machine for a test. */
const originSchema = z
  .url()
  .transform((text) => new URL(text))
  .refine(
    ({ protocol, hostname }) =>
      protocol === "https:" || hostname === "127.0.0.1" || hostname === "localhost",
    { error: "has to be https" },
  )
  .transform(({ origin }) => origin);

const settingsSchema = z.object({
  CLOUDFLARE_ACCOUNT_ID: filled.optional(),
  ANALYTICS_API_TOKEN: filled.optional(),
  ANALYTICS_API_URL: originSchema.default("https://api.cloudflare.com"),
  /** How often the page asks, and how long an answer is given again, ms. */
  VIEW_REFRESH_MS: z.coerce.number().int().min(1000).max(3_600_000).default(defaultViewRefreshMs),
});

/** What the dashboard's variables say. */
export interface ViewSettings {
  readonly refreshMs: number;
  readonly account: CloudflareAccount | RefusalOf<"dashboard-not-configured">;
}

/** Reads the variables. @throws SettingsError that names each one with a value that cannot be used */
export function readViewSettings(variables: object): ViewSettings {
  const read = settingsSchema.safeParse(withoutEmpty(variables));
  // The token's value never becomes part of a message: it only has to be there.
  if (!read.success) throw new SettingsError(z.prettifyError(read.error));
  const { CLOUDFLARE_ACCOUNT_ID: accountId, ANALYTICS_API_TOKEN: apiToken } = read.data;
  const missing = [
    ...(accountId === undefined ? ["CLOUDFLARE_ACCOUNT_ID"] : []),
    ...(apiToken === undefined ? ["ANALYTICS_API_TOKEN"] : []),
  ];
  const account =
    accountId === undefined || apiToken === undefined
      ? ({ kind: "dashboard-not-configured", missing } as const)
      : { origin: read.data.ANALYTICS_API_URL, accountId, apiToken };
  return { refreshMs: read.data.VIEW_REFRESH_MS, account };
}

/** A variable that is there and empty is one that nobody has set. */
function withoutEmpty(variables: object): object {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}
