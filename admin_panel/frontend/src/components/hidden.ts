/** For screen readers alone; whatever holds it must be positioned, or it sticks out of what scrolls. */
export const HIDDEN = {
  position: "absolute",
  width: "1px",
  height: "1px",
  overflow: "hidden",
  clipPath: "inset(50%)",
  whiteSpace: "nowrap",
} as const;
