import IconButton from "@mui/material/IconButton";
import Tooltip from "@mui/material/Tooltip";
import type { ReactNode } from "react";

interface Props {
  /** Where the keyboard comes back to. */
  id?: string;
  /** What it does, and to what: its name for screen readers and its tooltip. */
  name: string;
  icon: ReactNode;
  onClick: () => void;
}

/** A button that is a sign alone. */
export function Act({ id, name, icon, onClick }: Props) {
  return (
    <Tooltip title={name} disableInteractive>
      <IconButton id={id} size="small" aria-label={name} onClick={onClick}>
        {icon}
      </IconButton>
    </Tooltip>
  );
}
