/** The page of what everybody has: muscles, and exercises. */
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import { ResourceContextProvider } from "ra-core";
import { type ComponentType, type ReactNode, useState } from "react";

import { Choice, STATES } from "../../components/Choice";
import { useEdited } from "../../components/edited";
import { dayOf } from "../../components/format";
import { AddIcon } from "../../components/icons";
import { Listing } from "../../components/Listing";
import { Page } from "../../components/Page";
import { type Column, Rows } from "../../components/Rows";
import { Search } from "../../components/Search";
import { Empty } from "../../components/States";
import { List } from "../../provider/List";
import type { Catalogued, ThingKind } from "./things";

export interface FormProps<T> {
  /** What is changed; null: a new one. */
  seen: T | null;
  onClose: () => void;
}

interface Props<T extends Catalogued> {
  kind: ThingKind;
  title: string;
  about: string;
  /** What is said of them while there are none. */
  empty: string;
  columns: readonly Column<T>[];
  filters?: ReactNode;
  Form: ComponentType<FormProps<T>>;
  /** What can be done with one. */
  actions: (thing: T, onEdit: () => void) => ReactNode;
}

export function Catalogue<T extends Catalogued>(props: Props<T>) {
  const { kind, title, about, empty, columns, filters, Form, actions } = props;
  const [isAdding, setAdding] = useState(false);
  const edited = useEdited<T>();
  const add = () => {
    setAdding(true);
  };
  const all: Column<T>[] = [
    ...columns,
    { label: "ID", sort: "id", isForWide: true, align: "right", width: 100, render: (thing) => thing.id },
    {
      label: "State",
      isPlain: true,
      width: 190,
      render: ({ archived_at }) =>
        archived_at ? <Chip size="small" variant="outlined" label={`Archived ${dayOf(archived_at)}`} /> : "In use",
    },
    {
      label: "What can be done",
      isQuiet: true,
      align: "right",
      width: 190,
      render: (thing) =>
        actions(thing, () => {
          edited.open(thing);
        }),
    },
  ];
  return (
    <ResourceContextProvider value={kind}>
      <Page
        title={title}
        about={about}
        actions={
          <Button id={`new-${kind}`} variant="contained" startIcon={<AddIcon />} onClick={add}>
            New {kind.slice(0, -1)}
          </Button>
        }
      >
        <List of={kind} sort={{ field: "name", order: "ASC" }}>
          <Listing<T>
            what={kind}
            search={<Search label={`Search ${kind}`} />}
            filters={
              <>
                {filters}
                <Choice label="State" field="state" options={STATES} />
              </>
            }
            top={
              isAdding && (
                <Form
                  seen={null}
                  onClose={() => {
                    setAdding(false);
                  }}
                />
              )
            }
            kept={edited.all}
            empty={
              <Empty title={`No ${kind} yet.`} action={<Button onClick={add}>Add the first one</Button>}>
                {empty}
              </Empty>
            }
          >
            {(things, sorting) => (
              <Rows
                name={title}
                rows={things}
                columns={all}
                keyOf={(thing) => thing.id}
                sorting={sorting}
                instead={(thing) => {
                  const seen = edited.of(thing);
                  return (
                    seen && (
                      <Form
                        seen={seen}
                        onClose={() => {
                          edited.close(seen);
                        }}
                      />
                    )
                  );
                }}
              />
            )}
          </Listing>
        </List>
      </Page>
    </ResourceContextProvider>
  );
}
