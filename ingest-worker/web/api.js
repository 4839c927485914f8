/**
 * Asks one of the catalogue's named queries; gives its rows, numbers as numbers (the API writes
 * 64-bit integers as text). Throws an Error whose message can be shown.
 */
export async function ask(name, parameters, signal) {
  const query = new URLSearchParams(parameters);
  let response;
  try {
    response = await fetch(`/api/queries/${name}?${query}`, { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error("The server does not answer. Is it still running?", { cause: error });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.detail ?? `The server answered ${response.status}.`);
  const numeric = answer.meta
    .filter(({ type }) => /^U?Int/.test(type))
    .map((column) => column.name);
  for (const row of answer.data) for (const column of numeric) row[column] = Number(row[column]);
  return answer.data;
}
