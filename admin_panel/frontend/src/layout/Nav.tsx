import Box from "@mui/material/Box";
import { useColorScheme } from "@mui/material/styles";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import Typography from "@mui/material/Typography";
import { NavLink } from "react-router-dom";

import {
  AccountIcon,
  AuditIcon,
  ExerciseIcon,
  LogoIcon,
  MoonIcon,
  MuscleIcon,
  OverviewIcon,
  PeopleIcon,
  SunIcon,
  SystemIcon,
  TrainingIcon,
} from "../components/icons";
import { useSession } from "../provider/api";

const PLACES = [
  ["/", "Overview", OverviewIcon],
  ["/muscles", "Muscles", MuscleIcon],
  ["/exercises", "Exercises", ExerciseIcon],
  ["/training", "Training", TrainingIcon],
  ["/people", "People", PeopleIcon],
  ["/audit", "Audit log", AuditIcon],
] as const;
const MODES = [
  ["light", "Light", SunIcon],
  ["dark", "Dark", MoonIcon],
  ["system", "As the system", SystemIcon],
] as const;

export function Brand() {
  return (
    <Box sx={{ display: "flex", alignItems: "center", gap: 1.25, color: "#fff" }}>
      <LogoIcon sx={{ color: "sidebar.active", fontSize: 26 }} />
      <Typography component="span" sx={{ fontWeight: 700, letterSpacing: "-0.01em" }}>
        Gym bot
      </Typography>
    </Box>
  );
}

export function Nav({ onGo }: { onGo: () => void }) {
  const session = useSession();
  const { mode, setMode } = useColorScheme();
  const name = session.is === "in" ? session.kept.name : session.is === "ended" ? session.name : "";
  return (
    <Box
      sx={{
        display: "flex",
        flexDirection: "column",
        height: "100%",
        overflowY: "auto",
        p: 1.5,
        color: "sidebar.text",
      }}
    >
      <Box sx={{ px: 1, pt: 1, pb: 2.5 }}>
        <Brand />
      </Box>
      <Box component="nav" aria-label="Pages of the panel" sx={{ display: "grid", gap: 0.25 }}>
        {PLACES.map(([to, label, Icon]) => (
          <Place key={to} to={to} onGo={onGo}>
            <Icon fontSize="small" />
            {label}
          </Place>
        ))}
      </Box>
      <Box sx={{ flex: 1, minHeight: 24 }} />
      <ToggleButtonGroup
        exclusive
        fullWidth
        size="small"
        value={mode ?? "system"}
        aria-label="Colours"
        onChange={(_, chosen: "light" | "dark" | "system" | null) => {
          if (chosen !== null) setMode(chosen);
        }}
        sx={{ mb: 1 }}
      >
        {MODES.map(([value, label, Icon]) => (
          <ToggleButton
            key={value}
            value={value}
            aria-label={label}
            title={label}
            sx={{
              color: "sidebar.text",
              borderColor: "rgba(255,255,255,0.16)",
              "&.Mui-selected, &.Mui-selected:hover": { color: "sidebar.active", bgcolor: "rgba(255,255,255,0.08)" },
            }}
          >
            <Icon fontSize="small" />
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Place to="/account" onGo={onGo}>
        <AccountIcon fontSize="small" />
        <Box component="span" sx={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
          <bdi>{name}</bdi>
        </Box>
      </Place>
    </Box>
  );
}

function Place({ to, onGo, children }: { to: string; onGo: () => void; children: React.ReactNode }) {
  return (
    <Box
      component={NavLink}
      to={to}
      end={to === "/"}
      onClick={onGo}
      sx={{
        display: "flex",
        alignItems: "center",
        gap: 1.25,
        px: 1.25,
        py: 1,
        borderRadius: 2,
        color: "inherit",
        textDecoration: "none",
        fontSize: "0.9375rem",
        fontWeight: 500,
        "&:hover": { bgcolor: "rgba(255,255,255,0.06)" },
        "&.active": { bgcolor: "rgba(255,255,255,0.1)", color: "#fff", "& svg": { color: "sidebar.active" } },
      }}
    >
      {children}
    </Box>
  );
}
