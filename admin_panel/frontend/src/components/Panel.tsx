import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, Suspense, useId, useState } from "react";

import { OverviewIcon, TableIcon } from "./icons";
import { Empty, Failed, Loading } from "./States";

interface Table {
  head: readonly string[];
  /** The columns, besides the first one, that hold words. */
  words?: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

interface Props<T> {
  title: string;
  /** What the eye would take from the picture, in a sentence. */
  summary?: (found: T) => string;
  actions?: ReactNode;
  query: UseQueryResult<T>;
  isEmpty: (found: T) => boolean;
  empty: string;
  chart: (found: T) => ReactNode;
  /** The same as numbers. */
  table: (found: T) => Table;
  height?: number;
}

/** A chart in its frame: what it is of, its states, and its numbers as a table behind a button. */
export function Panel<T>({ title, summary, actions, query, isEmpty, empty, chart, table, height = 260 }: Props<T>) {
  const [isTable, setTable] = useState(false);
  const id = useId();
  const { data, error, refetch, isPlaceholderData } = query;
  const hasNumbers = data !== undefined && !isEmpty(data);
  return (
    <Paper
      variant="outlined"
      component="section"
      aria-labelledby={id}
      aria-busy={query.isFetching}
      sx={{ p: 2, minWidth: 0, "&[aria-busy=true]": { cursor: "progress" } }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, mb: 0.5 }}>
        <Typography variant="h2" id={id} sx={{ flex: "1 1 auto" }}>
          {title}
        </Typography>
        {actions}
        {hasNumbers && (
          <Button
            size="small"
            startIcon={isTable ? <OverviewIcon /> : <TableIcon />}
            aria-pressed={isTable}
            aria-label={isTable ? `${title} as a chart` : `${title} as a table`}
            onClick={() => {
              setTable(!isTable);
            }}
          >
            {isTable ? "Chart" : "Table"}
          </Button>
        )}
      </Box>
      {error !== null && <Failed what="This chart" error={error} retry={() => void refetch()} />}
      {data === undefined ? (
        error === null && <Loading what={title} height={height - 16} lines={1} />
      ) : !hasNumbers ? (
        <Empty title={empty} />
      ) : (
        <Box inert={isPlaceholderData} sx={isPlaceholderData ? { opacity: 0.4 } : {}}>
          {summary !== undefined && (
            <Typography variant="body2" sx={{ color: "text.secondary", mb: 1 }}>
              {isPlaceholderData ? "…" : summary(data)}
            </Typography>
          )}
          {isTable ? (
            <Numbers name={title} {...table(data)} />
          ) : (
            <Suspense fallback={<Loading what={title} height={height - 16} lines={1} />}>{chart(data)}</Suspense>
          )}
        </Box>
      )}
    </Paper>
  );
}

function Numbers({ name, head, words = [], rows }: Table & { name: string }) {
  const align = (word: string | undefined) =>
    word !== undefined && words.includes(word) ? ({ textAlign: "left" } as const) : {};
  return (
    <Box
      tabIndex={0}
      role="region"
      aria-label={`${name}, table`}
      sx={{ maxHeight: 320, overflow: "auto", border: 1, borderColor: "divider", borderRadius: 1 }}
    >
      <Box
        component="table"
        aria-label={name}
        sx={{
          width: "100%",
          borderCollapse: "collapse",
          fontSize: "0.8125rem",
          "& th, & td": {
            px: 1.25,
            py: 0.5,
            textAlign: "right",
            borderBottom: 1,
            borderColor: "divider",
            whiteSpace: "nowrap",
          },
          "& th:first-of-type": { textAlign: "left" },
          "& thead th": { position: "sticky", top: 0, bgcolor: "background.paper" },
          "& tbody th": { fontWeight: 500 },
        }}
      >
        <thead>
          <tr>
            {head.map((word) => (
              <th key={word} scope="col" style={align(word)}>
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...others]) => (
            <tr key={first}>
              <th scope="row">
                <bdi>{first}</bdi>
              </th>
              {others.map((value, place) => (
                <td key={head[place + 1]} style={align(head[place + 1])}>
                  <bdi>{value}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
