/** A reader of OpenMetrics text that takes nothing it should not. */

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const suffixes: Readonly<Record<string, string>> = { counter: "_total", gauge: "" };

/** The families of an exposition by name. Throws for whatever the format does not allow. */
export function parseExposition(text: string): Map<string, Family> {
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.pop() !== "# EOF") throw new Error("It does not end with # EOF.");
  const families = new Map<string, Family>();
  let help: [string, string] | undefined;
  let current: (Family & { readonly name: string }) | undefined;
  for (const line of lines) {
    const described = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    const [, what, name = "", said = ""] = described ?? [];
    if (what === "HELP") {
      help = [name, said];
    } else if (what === "TYPE") {
      if (families.has(name)) throw new Error(`${name} is there twice.`);
      if (help?.[0] !== name) throw new Error(`${name} has no HELP.`);
      if (suffixes[said] === undefined) throw new Error(`${name} has the type ${said}.`);
      if (said === "counter" && name.endsWith("_total")) throw new Error(`${name} says total.`);
      current = { name, type: said, help: help[1], samples: [] };
      families.set(name, current);
    } else {
      const sample = parseSample(line);
      if (current === undefined || sample.name !== current.name + suffixes[current.type]) {
        throw new Error(`${sample.name} stands outside of its family.`);
      }
      current.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string): Sample {
  const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (-?[\d.]+(?:e[+-]?\d+)?)$/.exec(line);
  if (match === null) throw new Error(`No sample: ${line}`);
  const [, name = "", inBraces = "", value] = match;
  const labels = [...inBraces.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)];
  const written = labels.map(([all]) => all).join(",");
  if (written !== inBraces) throw new Error(`No labels: ${inBraces}`);
  const named = labels.map(([, label = "", content = ""]) => [label, content] as const);
  return { name, labels: Object.fromEntries(named), value: Number(value) };
}
