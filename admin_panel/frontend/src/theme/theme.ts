/** Ink, chalk and one amber plate: the panel's own look, light and dark. Contrast is at least 4.5 to 1 for text. */
import { createTheme } from "@mui/material/styles";

declare module "@mui/material/styles" {
  interface Palette {
    chart: Chart;
    sidebar: Sidebar;
  }
  interface PaletteOptions {
    chart?: Chart;
    sidebar?: Sidebar;
  }
}
interface Chart {
  one: string;
  two: string;
  grid: string;
  heat: string;
}
interface Sidebar {
  background: string;
  text: string;
  active: string;
}

const INK = "#211f1b";
const AMBER = "#ffb224";
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Hebrew", Ubuntu, sans-serif';
const sidebar = { background: "#191815", text: "#cfcac0", active: AMBER };

// What fingers press is as large as a finger; a mouse needs less.
const FINGER = { "@media (pointer: coarse)": { minHeight: 44, minWidth: 44 } };
const INSIDE = { "&&": { minHeight: 0, minWidth: 0 } }; // of a field, which is pressed as a whole

export const theme = createTheme({
  // Below sm lists are cards, filters are folded and buttons stand below each other.
  breakpoints: { values: { xs: 0, sm: 720, md: 900, lg: 1200, xl: 1536 } },
  cssVariables: { colorSchemeSelector: "data-theme" },
  colorSchemes: {
    light: {
      palette: {
        primary: { main: INK, contrastText: "#ffffff" },
        secondary: { main: "#8a5200", contrastText: "#ffffff" },
        error: { main: "#b3261e" },
        warning: { main: "#8a5200" },
        success: { main: "#1c6b3a" },
        info: { main: "#2450a8" },
        background: { default: "#f5f3ee", paper: "#ffffff" },
        text: { primary: INK, secondary: "#5f5a50" },
        divider: "#e2ddd2",
        chart: { one: "#2450a8", two: "#b86e00", grid: "#e2ddd2", heat: "36, 80, 168" },
        sidebar,
      },
    },
    dark: {
      palette: {
        primary: { main: AMBER, contrastText: INK },
        secondary: { main: "#ffc861", contrastText: INK },
        error: { main: "#ff8a80" },
        warning: { main: "#ffc861" },
        success: { main: "#7fd39b" },
        info: { main: "#9dbdff" },
        background: { default: "#131210", paper: "#1e1c19" },
        text: { primary: "#f1ede4", secondary: "#b5aea1" },
        divider: "#37332d",
        chart: { one: "#86aaff", two: "#ffb224", grid: "#37332d", heat: "134, 170, 255" },
        sidebar,
      },
    },
  },
  shape: { borderRadius: 10 },
  typography: {
    fontFamily: FONT,
    h1: { fontSize: "1.625rem", fontWeight: 700, letterSpacing: "-0.015em", lineHeight: 1.25 },
    h2: { fontSize: "1.0625rem", fontWeight: 650, lineHeight: 1.35 },
    h3: { fontSize: "0.9375rem", fontWeight: 650 },
    button: { textTransform: "none", fontWeight: 600 },
    body2: { fontSize: "0.875rem" },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        body: { fontVariantNumeric: "tabular-nums" },
        ":focus-visible": { outline: "2px solid var(--mui-palette-info-main)", outlineOffset: "2px" },
        "@media (prefers-reduced-motion: reduce)": {
          "*, *::before, *::after": {
            animationDuration: "0.01ms !important",
            animationIterationCount: "1 !important",
            transitionDuration: "0.01ms !important",
          },
        },
      },
    },
    MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: "none" } } },
    MuiButton: {
      defaultProps: { disableElevation: true, disableRipple: true },
      styleOverrides: { root: { ...FINGER, "&[aria-disabled=true]": { opacity: 0.6 } } },
    },
    MuiIconButton: { defaultProps: { disableRipple: true }, styleOverrides: { root: FINGER } },
    MuiToggleButton: { styleOverrides: { root: FINGER } },
    MuiOutlinedInput: { styleOverrides: { root: FINGER } },
    MuiAutocomplete: { styleOverrides: { popupIndicator: INSIDE, clearIndicator: INSIDE } },
    MuiTextField: { defaultProps: { size: "small" } },
    MuiTableCell: { styleOverrides: { root: { fontSize: "0.875rem" } } },
    MuiDialog: { styleOverrides: { paper: { borderRadius: 14 } } },
    MuiDialogTitle: { styleOverrides: { root: { fontSize: "1.125rem", fontWeight: 650, lineHeight: 1.35 } } },
    MuiAlert: { styleOverrides: { root: { alignItems: "center" } } },
    MuiLink: { defaultProps: { color: "inherit" }, styleOverrides: { root: { textDecorationColor: "currentColor" } } },
  },
});
