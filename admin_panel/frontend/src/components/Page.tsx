import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { type ReactNode, useEffect } from "react";

import { TITLE } from "./focus";
import { isolated } from "./names";

interface Props {
  title: string;
  /** What stands under the title. */
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** One page: its name in the tab and at the top, what can be done with all of it, and what it shows. */
export function Page({ title, about, actions, children }: Props) {
  useEffect(() => {
    document.title = `${isolated(title)} · Gym bot`;
  }, [title]);
  return (
    <>
      <Box
        sx={{
          display: "flex",
          flexWrap: "wrap",
          alignItems: "flex-end",
          justifyContent: "space-between",
          gap: { xs: 1.5, sm: 2 },
          mb: { xs: 1.5, sm: 2.5 },
        }}
      >
        <Box sx={{ flex: "1 1 260px", minWidth: 0 }}>
          <Typography variant="h1" tabIndex={-1} id={TITLE} sx={{ overflowWrap: "anywhere", outline: "none" }}>
            <bdi>{title}</bdi>
          </Typography>
          {about !== undefined && (
            <Typography variant="body2" component="div" color="textSecondary" sx={{ mt: 0.5 }}>
              {about}
            </Typography>
          )}
        </Box>
        {actions !== undefined && <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>{actions}</Box>}
      </Box>
      {children}
    </>
  );
}
