import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";

import { Failed, Loading } from "./States";

interface Props<T> {
  title: string;
  query: UseQueryResult<T[]>;
  empty: ReactNode;
  children: (found: T[]) => ReactNode;
}

/** A list inside a page, that comes whole. */
export function Section<T>({ title, query, empty, children }: Props<T>) {
  const id = useId();
  const { data, error, refetch } = query;
  return (
    <Paper variant="outlined" component="section" aria-labelledby={id} sx={{ overflow: "hidden" }}>
      <Typography variant="h2" id={id} sx={{ p: 2, pb: 1 }}>
        {title}
      </Typography>
      {error !== null && (
        <Box sx={{ px: 2 }}>
          <Failed what={title} error={error} retry={() => void refetch()} />
        </Box>
      )}
      {data === undefined ? (
        error === null && (
          <Box sx={{ px: 2 }}>
            <Loading what={title} lines={3} />
          </Box>
        )
      ) : data.length === 0 ? (
        empty
      ) : (
        children(data)
      )}
    </Paper>
  );
}
