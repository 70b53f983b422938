/** The only door to the server: JSON in and out, streams of server-sent events, files. Every address is on the page's own origin. */
import type { Problem } from "./types";

/** What the server refused, with its problems; `status` is 0 when it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problems: Problem[],
  ) {
    super(problems.map((problem) => problem.message).join("; "));
  }
}

const JSON_TYPE = { "Content-Type": "application/json" };

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask(path, { signal }).then((answer) => answer.json() as Promise<T>);
}

export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return ask(path, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body), signal }).then(
    (answer) => answer.json() as Promise<T>,
  );
}

/** Calls `on(event, data)` for each server-sent event until the stream ends; aborting `signal` cancels the work on the server. */
export async function stream(path: string, body: unknown, on: (event: string, data: unknown) => void, signal?: AbortSignal): Promise<void> {
  const answer = await ask(path, {
    method: "POST",
    headers: { ...JSON_TYPE, Accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });
  if (!answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) emit(block, on);
  }
}

/** Posts and hands the answered file to the browser's download, under the given name (nothing of the person in it). */
export async function download(path: string, body: unknown, name: string): Promise<void> {
  const answer = await ask(path, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(body) });
  saveBlob(await answer.blob(), name);
}

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Whether the error only says that we ourselves stopped waiting. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** The problems of any error, in words for a person. */
export function problemsOf(error: unknown): Problem[] {
  if (error instanceof ApiError) return error.problems;
  return [{ message: error instanceof Error ? error.message : String(error), path: "", line: 0, column: 0 }];
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError(0, [plain("The Clearway server does not answer; is `clearway serve` still running?")]);
  }
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => null);
  throw new ApiError(
    answer.status,
    hasProblems(body) ? body.problems : [plain(`The server answered ${answer.status} ${answer.statusText}`)],
  );
}

function emit(block: string, on: (event: string, data: unknown) => void): void {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  if (data.length) on(event, JSON.parse(data.join("\n")));
}

function hasProblems(body: unknown): body is { problems: Problem[] } {
  return typeof body === "object" && body !== null && Array.isArray((body as { problems?: unknown }).problems);
}

function plain(message: string): Problem {
  return { message, path: "", line: 0, column: 0 };
}
