// Elements made by hand: texts stay texts, nothing is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  add: "M12 5v14M5 12h14",
  text: "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
  block: "M12 3a9 9 0 1 0 .01 0M5.7 5.7l12.6 12.6",
  edit: "M4 20l1-5L16 4l4 4L9 19zM13.5 6.5l4 4",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.5h.01",
  file: "M13 3H6v18h12V8zM13 3v5h5",
  save: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
};

/** An element with properties and children; a child that is null is left out. */
export function make(name, properties = {}, ...children) {
  const { data, ...plain } = properties;
  const element = Object.assign(document.createElement(name), plain);
  Object.assign(element.dataset, data);
  element.append(...children.filter((each) => each !== null && each !== undefined));
  return element;
}

/** A button that does something. */
export function button(properties, act, ...children) {
  const element = make("button", { type: "button", ...properties }, ...children);
  element.addEventListener("click", act);
  return element;
}

/** A drawing by its name or its path; it says nothing to a screen reader. */
export function icon(name, box = "0 0 24 24") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("aria-hidden", "true");
  const path = svg.appendChild(document.createElementNS(SVG, "path"));
  path.setAttribute("d", PATHS[name] ?? name);
  return svg;
}

/** Words that only a screen reader says. */
export const unseen = (words) => make("span", { className: "hidden" }, words);
