import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import { ResourceContextProvider } from "ra-core";
import { useState } from "react";

import type { Muscle } from "../../api/types";
import { Choice, STATES } from "../../components/Choice";
import { listAt } from "../../components/filters";
import { count, day } from "../../components/format";
import { AddIcon } from "../../components/icons";
import { Listing } from "../../components/Listing";
import { Page } from "../../components/Page";
import { type Column, Rows } from "../../components/Rows";
import { Search } from "../../components/Search";
import { Empty } from "../../components/States";
import { Link } from "../../components/Link";
import { List } from "../../provider/List";
import { Actions } from "./Actions";
import { EditMuscle, NewMuscle } from "./Forms";

export default function Muscles() {
  const [isAdding, setAdding] = useState(false);
  const [edited, setEdited] = useState<number | null>(null);
  const add = () => {
    setAdding(true);
  };
  const columns: Column<Muscle>[] = [
    {
      label: "Name",
      sort: "name",
      isHead: true,
      render: (muscle) => <bdi>{muscle.name}</bdi>,
    },
    { label: "Number", sort: "id", isForWide: true, align: "right", width: 100, render: (muscle) => muscle.id },
    {
      label: "Exercises",
      width: 150,
      render: (muscle) => (
        <Link to={listAt("/exercises", { muscle_id: muscle.id })}>
          {count(muscle.exercises, "exercise")}
        </Link>
      ),
    },
    {
      label: "State",
      width: 190,
      render: ({ archived_at }) =>
        archived_at ? <Chip size="small" variant="outlined" label={`Archived ${day(archived_at.slice(0, 10))}`} /> : "In use",
    },
    {
      label: "What can be done",
      isQuiet: true,
      align: "right",
      width: 170,
      render: (muscle) => (
        <Actions
          muscle={muscle}
          onEdit={() => {
            setEdited(muscle.id);
          }}
        />
      ),
    },
  ];
  return (
    <ResourceContextProvider value="muscles">
      <Page
        title="Muscles"
        about="What everybody has. Muscles that people added for themselves are theirs alone."
        actions={
          <Button id="new-muscle" variant="contained" startIcon={<AddIcon />} onClick={add}>
            New muscle
          </Button>
        }
      >
        <List of="muscles" sort={{ field: "name", order: "ASC" }}>
          <Listing<Muscle>
            what="muscles"
            filters={
              <>
                <Search label="Search muscles" />
                <Choice label="State" field="state" options={STATES} />
              </>
            }
            top={
              isAdding && (
                <NewMuscle
                  onClose={() => {
                    setAdding(false);
                  }}
                />
              )
            }
            empty={
              <Empty title="No muscles yet." action={<Button onClick={add}>Add the first one</Button>}>
                The bot offers them first of all.
              </Empty>
            }
          >
            {(muscles, sorting) => (
              <Rows
                name="Muscles"
                rows={muscles}
                columns={columns}
                keyOf={(muscle) => muscle.id}
                sorting={sorting}
                instead={(muscle) =>
                  muscle.id === edited && (
                    <EditMuscle
                      seen={muscle}
                      onClose={() => {
                        setEdited(null);
                      }}
                    />
                  )
                }
              />
            )}
          </Listing>
        </List>
      </Page>
    </ResourceContextProvider>
  );
}
