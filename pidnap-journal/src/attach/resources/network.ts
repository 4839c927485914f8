/** Bytes by network interface, counted since it was made. */
export type NetworkReading = ReadonlyMap<string, { readonly rx: number; readonly tx: number }>;

/** /proc/net/dev without the loopback: what stays within the machine is not traffic. */
export function parseNetDev(text: string): NetworkReading | undefined {
  if (!text.includes("|bytes")) return undefined;
  const interfaces = new Map<string, { readonly rx: number; readonly tx: number }>();
  // Old kernels write the first figure right behind the colon.
  for (const [, name = "", fields = ""] of text.matchAll(/^\s*([^\s|]+?):\s*(\d[\d\s]*)$/gm)) {
    const figures = fields.trim().split(/\s+/).map(Number);
    const [rx, tx] = [figures[0], figures[8]];
    if (name !== "lo" && rx !== undefined && tx !== undefined) interfaces.set(name, { rx, tx });
  }
  return interfaces;
}

/** Bytes received and sent between two readings. An interface that began anew counts from its beginning. */
export function trafficBetween(
  before: NetworkReading,
  now: NetworkReading,
): { readonly networkRxBytes: number; readonly networkTxBytes: number } {
  let networkRxBytes = 0;
  let networkTxBytes = 0;
  for (const [name, { rx, tx }] of now) {
    const earlier = before.get(name);
    const isSame = earlier !== undefined && rx >= earlier.rx && tx >= earlier.tx;
    networkRxBytes += isSame ? rx - earlier.rx : rx;
    networkTxBytes += isSame ? tx - earlier.tx : tx;
  }
  return { networkRxBytes, networkTxBytes };
}
