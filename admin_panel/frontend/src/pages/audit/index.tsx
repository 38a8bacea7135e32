import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { ResourceContextProvider } from "ra-core";
import { useState } from "react";

import type { Entry } from "../../api/types";
import { Choice } from "../../components/Choice";
import { Compared } from "../../components/Compared";
import { listAt, useFilter } from "../../components/filters";
import { moment } from "../../components/format";
import { Link } from "../../components/Link";
import { Listing } from "../../components/Listing";
import { Page } from "../../components/Page";
import { type Column, Rows } from "../../components/Rows";
import { Empty } from "../../components/States";
import { List } from "../../provider/List";
import { changes, summary, title } from "./changes";
import { type NameOf, useNames } from "./naming";

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
const OPERATOR = "by the operator, on the command line";

export default function Audit() {
  return (
    <ResourceContextProvider value="audit">
      <Page title="Audit log" about="Who changed what and when; written together with the change itself.">
        <List of="audit">
          <Listing<Entry>
            what="changes"
            filters={
              <>
                <Choice label="About" field="kind" options={KINDS} />
                <Choice label="What was done" field="action" options={ACTIONS} width={190} />
                <OfOne />
              </>
            }
            empty={<Empty title="Nothing was changed yet.">Every change that an admin makes is kept here.</Empty>}
          >
            {(entries) => <Changes entries={entries} />}
          </Listing>
        </List>
      </Page>
    </ResourceContextProvider>
  );
}

function Changes({ entries }: { entries: readonly Entry[] }) {
  const nameOf = useNames(entries);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const toggle = (id: number) => {
    const after = new Set(opened);
    if (!after.delete(id)) after.add(id);
    setOpened(after);
  };
  const columns: Column<Entry>[] = [
    { label: "What", isHead: true, render: (entry) => <bdi>{title(entry, nameOf)}</bdi> },
    {
      label: "Who",
      width: 160,
      isPlain: true,
      render: ({ admin_name }) => (admin_name === null ? OPERATOR : <bdi>{admin_name}</bdi>),
    },
    { label: "When", width: 170, isPlain: true, render: (entry) => moment(entry.at) },
    {
      label: "Change",
      isBlock: true,
      render: (entry) =>
        opened.has(entry.id) ? (
          <Details entry={entry} nameOf={nameOf} />
        ) : (
          <Box
            component="bdi"
            sx={{ display: "-webkit-box", WebkitLineClamp: 2, WebkitBoxOrient: "vertical", overflow: "hidden" }}
          >
            {summary(entry, nameOf)}
          </Box>
        ),
    },
    {
      label: "Details",
      isQuiet: true,
      align: "right",
      width: 110,
      render: (entry) =>
        hasMore(entry) && (
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
  return <Rows name="Changes" rows={entries} columns={columns} keyOf={(entry) => entry.id} />;
}

/** Of what the operator does to an admin, the line tells all. */
function hasMore({ before, after, request_id }: Entry): boolean {
  return before !== null || after !== null || request_id !== null;
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

function Details({ entry, nameOf }: { entry: Entry; nameOf: NameOf }) {
  const { id, kind, thing_id, person_id, request_id } = entry;
  const differing = changes(entry, nameOf);
  return (
    <>
      {differing.length > 0 && (
        <Compared
          name={`Before and after change ${id}`}
          head={["Field", "Before", "After"]}
          lines={differing.map(({ label, before, after }) => ({ label, sides: [{ text: before }, { text: after }] }))}
        />
      )}
      <Box sx={{ color: "text.secondary", fontSize: "0.8125rem", mt: 0.5 }}>
        {person_id !== null && (
          <>
            Of{" "}
            <Link to={`/people/${person_id}`}>
              <bdi>{nameOf("person", String(person_id)) ?? `person ${person_id}`}</bdi>
            </Link>
            .{" "}
          </>
        )}
        {thing_id !== "" && (
          <>
            <Link to={listAt("/audit", { kind, thing_id })}>All changes of this {kind}</Link>.{" "}
          </>
        )}
        {request_id !== null && `Request ${request_id}.`}
      </Box>
    </>
  );
}
