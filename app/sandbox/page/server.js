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
  if (!response.ok) throw Object.assign(new Error(answer.error ?? "The sandbox did not understand that."), { status: response.status });
  return answer;
}

/** Send a photo or a document; a refusal is said in few words. */
export async function send(person, kind, file, caption) {
  const form = new FormData();
  form.append(kind, file);
  if (caption) form.append("caption", caption);
  try {
    return await ask("POST", `/chats/${person}/${kind}s`, form);
  } catch (error) {
    if (error.status === 413) error.message = "This file is too large.";
    if (error.status === 400 && kind === "photo") error.message = "This cannot be sent as a photo. Try it as a file.";
    throw error;
  }
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
