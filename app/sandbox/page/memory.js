// What outlives a reload: who one is, drafts (in every tab, for good) and where one was reading (in this tab).

function read(storage, name) {
  try {
    return JSON.parse(storage.getItem(name));
  } catch {
    return null; // forbidden, or written by somebody else
  }
}

function write(storage, name, value) {
  try {
    if (value) storage.setItem(name, JSON.stringify(value));
    else storage.removeItem(name);
  } catch {
    // Forbidden or full: then it lasts as long as the page.
  }
}

/** A link of the list opened in another tab says who that tab is: /#7100000001. */
export function whoAmI() {
  const asked = Number(location.hash.slice(1));
  if (asked) history.replaceState(null, "", location.pathname);
  return asked || read(sessionStorage, "me") || read(localStorage, "me");
}

export function iAm(id) {
  write(sessionStorage, "me", id);
  write(localStorage, "me", id);
}

export const draftOf = (id) => read(localStorage, `draft:${id}`) ?? "";
export const keepDraft = (id, text) => write(localStorage, `draft:${id}`, text.trim() ? text : "");

export const placeOf = (id) => read(sessionStorage, `place:${id}`);
export const keepPlaceOf = (id, place) => write(sessionStorage, `place:${id}`, place);
