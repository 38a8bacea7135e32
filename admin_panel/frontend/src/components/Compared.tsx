import Box from "@mui/material/Box";
import { useTheme } from "@mui/material/styles";

import { HIDDEN } from "./hidden";

export interface Said {
  text: string;
  /** Differs, or is what counts. */
  isStrong?: boolean;
  isQuiet?: boolean;
}

interface Props {
  name: string;
  /** The words above the fields and above each side. */
  head: readonly string[];
  lines: readonly { label: string; sides: readonly Said[] }[];
}

/** Fields side by side; on a phone one below the other, each side after its word, so that no word is broken. */
export function Compared({ name, head, lines }: Props) {
  const { breakpoints } = useTheme();
  return (
    <Box
      component="table"
      role="table"
      aria-label={name}
      sx={{
        position: "relative",
        borderCollapse: "collapse",
        fontSize: "0.8125rem",
        overflowWrap: "anywhere",
        "& th, & td": { p: "2px 16px 2px 0", textAlign: "left", verticalAlign: "top", fontWeight: 400 },
        "& th": { fontWeight: 600, overflowWrap: "normal" },
        "& td.strong": { fontWeight: 700 },
        "& td.quiet": { color: "text.secondary" },
        [breakpoints.down("sm")]: {
          display: "block",
          "& thead": HIDDEN,
          "& tbody": { display: "block" },
          "& tbody > tr": { display: "block", py: 0.5 },
          "& tbody > tr > *": { display: "block", p: 0 },
          "& td::before": { content: "attr(data-lead)", color: "text.secondary", fontWeight: 400 },
        },
      }}
    >
      <thead role="rowgroup">
        <tr role="row">
          {head.map((word) => (
            <th role="columnheader" scope="col" key={word}>
              {word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {lines.map(({ label, sides }) => (
          <tr role="row" key={label}>
            <th role="rowheader" scope="row">
              {label}
            </th>
            {sides.map(({ text, isStrong, isQuiet }, place) => (
              <td
                role="cell"
                key={head[place + 1]}
                className={isStrong ? "strong" : isQuiet ? "quiet" : undefined}
                data-lead={`${head[place + 1]}: `}
              >
                <bdi>{text}</bdi>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Box>
  );
}
