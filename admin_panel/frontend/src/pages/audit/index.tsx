import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { ResourceContextProvider } from "ra-core";
import { useState } from "react";

import type { Entry } from "../../api/types";
import { Choice } from "../../components/Choice";
import { listAt, useFilter } from "../../components/filters";
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
      render: ({ action, kind, thing_id }) =>
        `${WORDS[action] ?? action}: ${kind}${kind === "set" ? "" : ` ${thing_id}`}`,
    },
    { label: "Who", width: 130, isPlain: true, render: (entry) => <bdi>{entry.admin_name ?? "the operator"}</bdi> },
    { label: "When", width: 170, isPlain: true, render: (entry) => moment(entry.at) },
    {
      label: "Change",
      isBlock: true,
      render: (entry) =>
        opened.has(entry.id) ? (
          <Details entry={entry} />
        ) : (
          <Box
            component="bdi"
            sx={{ display: "-webkit-box", WebkitLineClamp: 2, WebkitBoxOrient: "vertical", overflow: "hidden" }}
          >
            {summary(entry)}
          </Box>
        ),
    },
    {
      label: "Details",
      isQuiet: true,
      align: "right",
      width: 110,
      render: (entry) => (
        <Button
          size="small"
          aria-expanded={opened.has(entry.id)}
          aria-label={`${opened.has(entry.id) ? "Less" : "Details"} of change ${entry.id}`}
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
        One thing alone: show others too
      </Button>
    )
  );
}

function Details({ entry }: { entry: Entry }) {
  const { id, kind, thing_id, person_id, request_id } = entry;
  const differing = changes(entry);
  return (
    <>
      {differing.length > 0 && (
        <Box
          component="table"
          aria-label={`Before and after change ${id}`}
          sx={{ fontSize: "0.8125rem", "& th, & td": { p: "2px 10px 2px 0", textAlign: "left", verticalAlign: "top" } }}
        >
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {differing.map(({ field, before, after }) => (
              <tr key={field}>
                <th scope="row">{field}</th>
                <td>
                  <bdi>{before}</bdi>
                </td>
                <td>
                  <bdi>{after}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </Box>
      )}
      <Box sx={{ color: "text.secondary", fontSize: "0.8125rem", mt: 0.5 }}>
        {person_id !== null && (
          <>
            Of <Link to={`/people/${person_id}`}>person {person_id}</Link>.{" "}
          </>
        )}
        {thing_id !== "" && (
          <>
            <Link to={listAt("/audit", { kind, thing_id })}>All changes of this {kind}</Link>.{" "}
          </>
        )}
        {request_id === null ? "By the command line." : `Request ${request_id}.`}
      </Box>
    </>
  );
}
