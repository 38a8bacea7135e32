/** What stands where nothing stands yet: loading, nothing there, not to be had. */
import Alert from "@mui/material/Alert";
import AlertTitle from "@mui/material/AlertTitle";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Skeleton from "@mui/material/Skeleton";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";

import { LogoIcon } from "./icons";
import { told } from "./told";

export function Loading({ what, height = 48, lines = 6 }: { what: string; height?: number; lines?: number }) {
  return (
    <Box role="status" aria-label={`Loading ${what}`} sx={{ display: "grid", gap: 1, py: 1 }}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} variant="rounded" height={height} sx={{ opacity: 1 - line / (lines + 1) }} />
      ))}
    </Box>
  );
}

interface EmptyProps {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <Box sx={{ textAlign: "center", py: 6, px: 2, display: "grid", justifyItems: "center", gap: 1 }}>
      <LogoIcon sx={{ fontSize: 40, color: "text.secondary", opacity: 0.7 }} />
      <Typography variant="h2" component="p">
        {title}
      </Typography>
      {children !== undefined && (
        <Typography variant="body2" component="div" color="textSecondary" sx={{ maxWidth: 420 }}>
          {children}
        </Typography>
      )}
      {action}
    </Box>
  );
}

interface FailedProps {
  what: string;
  error: unknown;
  retry?: (() => void) | undefined;
}

export function Failed({ what, error, retry }: FailedProps) {
  return (
    <Alert
      severity="error"
      variant="outlined"
      sx={{ my: 1 }}
      action={
        retry && (
          <Button color="inherit" size="small" onClick={retry}>
            Try again
          </Button>
        )
      }
    >
      <AlertTitle sx={{ fontSize: "0.9375rem", mb: 0 }}>{what} could not be loaded.</AlertTitle>
      {told(error)}
    </Alert>
  );
}
