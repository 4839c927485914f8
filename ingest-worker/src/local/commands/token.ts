import { signMachineToken, signViewerToken } from "../../tokens.ts";
import { parseDurationMs } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { requireKeys } from "../keys.ts";
import { readFolder } from "./options.ts";

/** What `token` is given on the command line. */
export interface TokenOptions {
  readonly machine?: string;
  readonly org?: string;
  readonly project?: string;
  readonly type?: string;
  readonly view?: boolean;
  readonly ttl: string;
  readonly data: string;
}

/** Prints a machine's token, or with --view one that reads. */
export async function runToken(options: TokenOptions): Promise<void> {
  const ttlSeconds = Math.floor(parseDurationMs(options.ttl, "--ttl") / 1000);
  const makeToken = options.view === true ? viewerToken(options) : machineToken(options);
  const [key] = requireKeys(readFolder(options.data));
  process.stdout.write(`${await makeToken(ttlSeconds, key)}\n`);
}

type MakeToken = (
  ttlSeconds: number,
  key: Parameters<typeof signMachineToken>[1],
) => Promise<string>;

function machineToken({ machine, org, project, type }: TokenOptions): MakeToken {
  if (machine === undefined || org === undefined || project === undefined || type === undefined) {
    throw new UsageError(
      "A machine's token needs --machine, --org, --project and --type.",
      "Give all four, or --view for a token that reads.",
    );
  }
  const claims = { machineId: machine, org, project, machineType: type };
  return (ttlSeconds, key) => signMachineToken({ ...claims, ttlSeconds }, key);
}

function viewerToken({ machine, project, type, org = "*" }: TokenOptions): MakeToken {
  if (machine !== undefined || project !== undefined || type !== undefined) {
    throw new UsageError(
      "--view goes with --org alone: a viewer sees an org's machines.",
      "Leave out --machine, --project and --type.",
    );
  }
  return (ttlSeconds, key) => signViewerToken({ org, ttlSeconds }, key);
}
