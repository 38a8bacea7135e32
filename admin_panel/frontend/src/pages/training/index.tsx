import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import { ResourceContextProvider } from "ra-core";
import { useRef, useState } from "react";

import { sentenceOf } from "../../api/refusal";
import type { TrainingSet } from "../../api/types";
import { Act } from "../../components/Act";
import { useFilter, useFilters, useNumberFilter } from "../../components/filters";
import { day, moment, number, weight } from "../../components/format";
import { DeleteIcon, DownloadIcon, EditIcon } from "../../components/icons";
import { Link } from "../../components/Link";
import { Listing } from "../../components/Listing";
import { Page } from "../../components/Page";
import { ExercisePicker, MusclePicker, PersonPicker } from "../../components/pickers";
import { type Column, Rows } from "../../components/Rows";
import { Empty } from "../../components/States";
import { useSay } from "../../components/Toasts";
import { List } from "../../provider/List";
import { useApi } from "../../provider/api";
import { titleOf, useDeletions } from "./deletions";
import { EditSet } from "./EditSet";
import { PlannedRow } from "./Planned";

export default function Training() {
  const [edited, setEdited] = useState<string | null>(null);
  const { planned, plan } = useDeletions();
  const columns: Column<TrainingSet>[] = [
    {
      label: "Exercise",
      isHead: true,
      render: (set) => (
        <span>
          <bdi>{set.exercise}</bdi> · set {set.set}
        </span>
      ),
    },
    { label: "Weight", align: "right", width: 110, render: (set) => weight(set.weight) },
    { label: "Reps", align: "right", width: 70, render: (set) => number(set.reps) },
    {
      label: "Person",
      render: (set) => (
        <Link to={`/people/${set.user_id}`}>
          <bdi>{set.user_name || `Person ${set.user_id}`}</bdi>
        </Link>
      ),
    },
    { label: "Muscle", width: 120, render: (set) => <bdi>{set.muscle}</bdi> },
    {
      label: "Day",
      width: 130,
      render: (set) => <span title={`Recorded ${moment(set.recorded_at)}`}>{day(set.day)}</span>,
    },
    {
      label: "What can be done",
      isQuiet: true,
      align: "right",
      width: 110,
      render: (set) => (
        <>
          <Act
            id={`correct-${set.id}`}
            name={`Correct ${titleOf(set)}`}
            icon={<EditIcon fontSize="small" />}
            onClick={() => {
              setEdited(set.id);
            }}
          />
          <Act
            id={`delete-${set.id}`}
            name={`Delete ${titleOf(set)}`}
            icon={<DeleteIcon fontSize="small" />}
            onClick={() => {
              plan(set);
            }}
          />
        </>
      ),
    },
  ];
  return (
    <ResourceContextProvider value="training">
      <List of="training">
        <Page title="Training" about="Every recorded set, newest day first. Days are people's own." actions={<Export />}>
          <Listing<TrainingSet>
            what="recorded sets"
            filters={<Filters />}
            empty={<Empty title="No sets yet.">As soon as somebody records one in the chat, it is here.</Empty>}
          >
            {(sets) => (
              <Rows
                name="Recorded sets"
                rows={sets}
                columns={columns}
                keyOf={(set) => set.id}
                instead={(set) =>
                  planned.has(set.id) ? (
                    <PlannedRow id={set.id} />
                  ) : (
                    set.id === edited && (
                      <EditSet
                        seen={set}
                        onClose={() => {
                          setEdited(null);
                        }}
                      />
                    )
                  )
                }
              />
            )}
          </Listing>
        </Page>
      </List>
    </ResourceContextProvider>
  );
}

function Filters() {
  const [person, setPerson] = useNumberFilter("user_id");
  const [muscle, setMuscle] = useNumberFilter("muscle_id");
  const [exercise, setExercise] = useNumberFilter("exercise_id");
  return (
    <>
      <PersonPicker value={person} onChange={setPerson} />
      <MusclePicker value={muscle} onChange={setMuscle} />
      <ExercisePicker value={exercise} onChange={setExercise} />
      <Day label="From" field="from" />
      <Day label="To" field="to" />
    </>
  );
}

function Day({ label, field }: { label: string; field: string }) {
  const [value, set] = useFilter(field);
  return (
    <TextField
      type="date"
      label={label}
      value={value ?? ""}
      onChange={(event) => {
        const day = event.target.value;
        if (day === "" || /^[12]\d{3}-/.test(day)) set(day); // a year that is still being typed is none
      }}
      slotProps={{ inputLabel: { shrink: true }, htmlInput: { min: "2000-01-01", max: "2999-12-31" } }}
      sx={{ flex: { xs: "1 1 140px", sm: "0 0 auto" } }}
    />
  );
}

/** The sets that the filters let through, as a file. */
function Export() {
  const api = useApi();
  const say = useSay();
  const [filters] = useFilters();
  const stop = useRef<AbortController | null>(null);
  const [isBusy, setBusy] = useState(false);
  const go = async () => {
    if (isBusy) {
      stop.current?.abort();
      return;
    }
    stop.current = new AbortController();
    setBusy(true);
    try {
      const file = await api.file("/api/v1/training.csv", { query: filters, signal: stop.current.signal });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = "training.csv";
      link.click();
      setTimeout(() => {
        URL.revokeObjectURL(link.href);
      }, 60_000);
    } catch (error) {
      if (!stop.current.signal.aborted) say(sentenceOf(error), "error");
    }
    setBusy(false);
  };
  return (
    <Button variant="outlined" startIcon={<DownloadIcon />} onClick={() => void go()}>
      {isBusy ? "Exporting … stop it" : "Export as CSV"}
    </Button>
  );
}
