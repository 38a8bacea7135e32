import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { ResourceContextProvider } from "ra-core";
import { useState } from "react";

import type { Entry } from "../../api/types";
import { Choice } from "../../components/Choice";
import { useFilter } from "../../components/filters";
import { moment } from "../../components/format";
import { Link } from "../../components/Link";
import { Listing } from "../../components/Listing";
import { Page } from "../../components/Page";
import { type Column, Rows } from "../../components/Rows";
import { Empty } from "../../components/States";
import { List } from "../../provider/List";
import { changes, summary } from "./changes";

const KINDS = [
  ["", "Everything"],
  ["muscle", "Muscles"],
  ["exercise", "Exercises"],
  ["set", "Sets"],
  ["admin", "Admins"],
] as const;
const ACTIONS = [
  ["", "Any"],
  ["create", "Created"],
  ["update", "Changed"],
  ["delete", "Deleted"],
  ["archive", "Archived"],
  ["restore", "Restored"],
  ["merge", "Merged"],
  ["password", "Password changed"],
  ["disable", "Disabled"],
] as const;
const WORDS: Readonly<Record<string, string>> = Object.fromEntries(ACTIONS);

export default function Audit() {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const toggle = (id: number) => {
    const after = new Set(opened);
    if (!after.delete(id)) after.add(id);
    setOpened(after);
  };
  const columns: Column<Entry>[] = [
    {
      label: "What",
      isHead: true,
      width: 200,
      render: (entry) => `${WORDS[entry.action] ?? entry.action}: ${entry.kind}${entry.kind === "set" ? "" : ` ${entry.thing_id}`}`,
    },
    {
      label: "Change",
      render: (entry) => (
        <Box sx={{ minWidth: 0, width: "100%" }}>
          {opened.has(entry.id) ? (
            <Details entry={entry} />
          ) : (
            <Box component="bdi" sx={{ display: "-webkit-box", WebkitLineClamp: 2, WebkitBoxOrient: "vertical", overflow: "hidden" }}>
              {summary(entry)}
            </Box>
          )}
        </Box>
      ),
    },
    { label: "Who", width: 130, render: (entry) => <bdi>{entry.admin_name ?? "the operator"}</bdi> },
    { label: "When", width: 170, render: (entry) => moment(entry.at) },
    {
      label: "Details",
      isQuiet: true,
      align: "right",
      width: 110,
      render: (entry) => (
        <Button
          size="small"
          aria-expanded={opened.has(entry.id)}
          aria-label={`Details of change ${entry.id}`}
          onClick={() => {
            toggle(entry.id);
          }}
        >
          {opened.has(entry.id) ? "Less" : "Details"}
        </Button>
      ),
    },
  ];
  return (
    <ResourceContextProvider value="audit">
      <Page title="Audit log" about="Who changed what and when; written together with the change itself.">
        <List of="audit">
          <Listing<Entry>
            what="changes"
            filters={
              <>
                <Choice label="Of" field="kind" options={KINDS} />
                <Choice label="What was done" field="action" options={ACTIONS} width={190} />
                <OfOne />
              </>
            }
            empty={<Empty title="Nothing was changed yet.">Every change that an admin makes is kept here.</Empty>}
          >
            {(entries) => <Rows name="Changes" rows={entries} columns={columns} keyOf={(entry) => entry.id} />}
          </Listing>
        </List>
      </Page>
    </ResourceContextProvider>
  );
}

/** The list is of one thing alone: say so, and lead out of it. */
function OfOne() {
  const [thing, set] = useFilter("thing_id");
  return (
    thing !== null && (
      <Button
        variant="outlined"
        onClick={() => {
          set(null);
        }}
      >
        Number {thing} alone: show others too
      </Button>
    )
  );
}

function Details({ entry }: { entry: Entry }) {
  const differing = changes(entry);
  return (
    <Box sx={{ textAlign: "left" }}>
      {differing.length > 0 && (
        <Box
          component="table"
          aria-label={`Before and after change ${entry.id}`}
          sx={{ display: "table !important", fontSize: "0.8125rem", "& th, & td": { display: "table-cell !important", p: "2px 10px 2px 0 !important", border: "0 !important", textAlign: "left !important" } }}
        >
          <Box component="thead" sx={{ display: "table-header-group !important", position: "static !important", clipPath: "none !important" }}>
            <tr style={{ display: "table-row" }}>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </Box>
          <Box component="tbody" sx={{ display: "table-row-group !important" }}>
            {differing.map(({ field, before, after }) => (
              <tr key={field} style={{ display: "table-row", padding: 0 }}>
                <th scope="row">{field}</th>
                <td>
                  <bdi>{before}</bdi>
                </td>
                <td>
                  <bdi>{after}</bdi>
                </td>
              </tr>
            ))}
          </Box>
        </Box>
      )}
      <Box sx={{ color: "text.secondary", fontSize: "0.8125rem", mt: 0.5 }}>
        {entry.person_id !== null && (
          <>
            Of <Link to={`/people/${entry.person_id}`}>person {entry.person_id}</Link>.{" "}
          </>
        )}
        {entry.request_id === null ? "By the command line." : `Request ${entry.request_id}.`}
      </Box>
    </Box>
  );
}
