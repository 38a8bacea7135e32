// The sandbox's own HTTP API.

/** Ask the sandbox; an Error carries its sentence. */
export async function ask(method, path, content) {
  const form = content instanceof FormData;
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: content && !form ? { "Content-Type": "application/json" } : {},
      body: content === undefined || form ? content : JSON.stringify(content),
    });
  } catch {
    throw new Error("The sandbox cannot be reached just now.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? "The sandbox did not understand that.");
  return answer;
}

/** Listen to everything that happens from an event on; `line` hears whether we are connected. */
export function listen(after, { heard, line }) {
  let source;
  let last = after;
  let timer;
  const open = () => {
    source = new EventSource(`/events?after=${last}`);
    source.onopen = () => line(true);
    source.onmessage = (message) => {
      if (message.lastEventId) last = message.lastEventId;
      heard(JSON.parse(message.data));
    };
    source.onerror = () => {
      line(false);
      if (source.readyState === EventSource.CLOSED) {
        clearTimeout(timer);
        timer = setTimeout(open, 1000);
      }
    };
  };
  open();
}
