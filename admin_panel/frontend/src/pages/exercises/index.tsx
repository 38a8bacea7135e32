import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import { ResourceContextProvider } from "ra-core";
import { useState } from "react";

import type { Exercise } from "../../api/types";
import { Choice, STATES } from "../../components/Choice";
import { listAt, useNumberFilter } from "../../components/filters";
import { day } from "../../components/format";
import { AddIcon } from "../../components/icons";
import { Link } from "../../components/Link";
import { Listing } from "../../components/Listing";
import { Page } from "../../components/Page";
import { MusclePicker } from "../../components/pickers";
import { type Column, Rows } from "../../components/Rows";
import { Search } from "../../components/Search";
import { Empty } from "../../components/States";
import { List } from "../../provider/List";
import { Actions } from "./Actions";
import { EditExercise, NewExercise } from "./Forms";

export default function Exercises() {
  const [isAdding, setAdding] = useState(false);
  const [edited, setEdited] = useState<number | null>(null);
  const add = () => {
    setAdding(true);
  };
  const columns: Column<Exercise>[] = [
    {
      label: "Name",
      sort: "name",
      isHead: true,
      render: (exercise) => (
        <Link to={listAt("/training", { exercise_id: exercise.id })}>
          <bdi>{exercise.name}</bdi>
        </Link>
      ),
    },
    { label: "Muscle", sort: "muscle", width: 170, render: (exercise) => <bdi>{exercise.muscle}</bdi> },
    { label: "Number", sort: "id", isForWide: true, align: "right", width: 100, render: (exercise) => exercise.id },
    {
      label: "State",
      width: 180,
      render: ({ archived_at }) =>
        archived_at ? <Chip size="small" variant="outlined" label={`Archived ${day(archived_at.slice(0, 10))}`} /> : "In use",
    },
    {
      label: "What can be done",
      isQuiet: true,
      align: "right",
      width: 190,
      render: (exercise) => (
        <Actions
          exercise={exercise}
          onEdit={() => {
            setEdited(exercise.id);
          }}
        />
      ),
    },
  ];
  return (
    <ResourceContextProvider value="exercises">
      <Page
        title="Exercises"
        about="What everybody has. Two that are one can be merged, with all their history."
        actions={
          <Button id="new-exercise" variant="contained" startIcon={<AddIcon />} onClick={add}>
            New exercise
          </Button>
        }
      >
        <List of="exercises" sort={{ field: "name", order: "ASC" }}>
          <Listing<Exercise>
            what="exercises"
            filters={<Filters />}
            top={
              isAdding && (
                <NewExercise
                  onClose={() => {
                    setAdding(false);
                  }}
                />
              )
            }
            empty={
              <Empty title="No exercises yet." action={<Button onClick={add}>Add the first one</Button>}>
                People choose from them when they record a set.
              </Empty>
            }
          >
            {(exercises, sorting) => (
              <Rows
                name="Exercises"
                rows={exercises}
                columns={columns}
                keyOf={(exercise) => exercise.id}
                sorting={sorting}
                instead={(exercise) =>
                  exercise.id === edited && (
                    <EditExercise
                      seen={exercise}
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

function Filters() {
  const [muscle, setMuscle] = useNumberFilter("muscle_id");
  return (
    <>
      <Search label="Search exercises" />
      <MusclePicker value={muscle} onChange={setMuscle} />
      <Choice label="State" field="state" options={STATES} />
    </>
  );
}
