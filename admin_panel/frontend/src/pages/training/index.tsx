import { ResourceContextProvider } from "ra-core";

import type { TrainingSet } from "../../api/types";
import { Act } from "../../components/Act";
import { DayField } from "../../components/DayField";
import { useEdited } from "../../components/edited";
import { useFilter, useFilters, useNumberFilter } from "../../components/filters";
import { day, moment, number, weight } from "../../components/format";
import { DeleteIcon, EditIcon } from "../../components/icons";
import { Link } from "../../components/Link";
import { Listing } from "../../components/Listing";
import { Page } from "../../components/Page";
import { ExercisePicker, MusclePicker, PersonPicker } from "../../components/pickers";
import { type Column, Rows } from "../../components/Rows";
import { Empty } from "../../components/States";
import { List } from "../../provider/List";
import { useDeletions } from "./deletions";
import { EditSet } from "./EditSet";
import { Export } from "./Export";
import { PlannedRow } from "./Planned";
import { personOf, scopeOf, titleOf } from "./titles";

export default function Training() {
  const edited = useEdited<TrainingSet>();
  const { planned, plan } = useDeletions();
  const columns: Column<TrainingSet>[] = [
    {
      label: "Exercise",
      isHead: true,
      most: 420,
      render: (set) => (
        <span>
          <bdi>{set.exercise}</bdi> <span style={{ whiteSpace: "nowrap" }}>· set {set.set}</span>
        </span>
      ),
    },
    {
      label: "Weight × reps",
      isPlain: true,
      align: "right",
      width: 140,
      render: (set) => (
        <strong style={{ whiteSpace: "nowrap" }}>{`${weight(set.weight)} × ${number(set.reps)}`}</strong>
      ),
    },
    {
      label: "Person",
      isPlain: true,
      most: 240,
      render: (set) => (
        <Link to={`/people/${set.user_id}`}>
          <bdi>{personOf(set)}</bdi>
        </Link>
      ),
    },
    { label: "Muscle", isPlain: true, width: 120, render: (set) => <bdi>{set.muscle}</bdi> },
    {
      label: "Day",
      isPlain: true,
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
              edited.open(set);
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
        <Page
          title="Training"
          about={<Scope />}
          actions={<Export />}
        >
          <Listing<TrainingSet>
            what="recorded sets"
            filters={<Filters />}
            kept={[...edited.all, ...[...planned.values()].map(({ set }) => set)]}
            empty={<Empty title="No sets yet.">As soon as somebody records one in the chat, it is here.</Empty>}
          >
            {(sets) => (
              <Rows
                name="Recorded sets"
                rows={sets}
                columns={columns}
                keyOf={(set) => set.id}
                instead={(set) => {
                  if (planned.has(set.id)) return <PlannedRow id={set.id} />;
                  const seen = edited.of(set);
                  return (
                    seen && (
                      <EditSet
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
        </Page>
      </List>
    </ResourceContextProvider>
  );
}

/** Which sets these are. */
function Scope() {
  const [filters] = useFilters();
  return scopeOf(filters);
}

function Filters() {
  const [person, setPerson] = useNumberFilter("user_id");
  const [muscle, setMuscle] = useNumberFilter("muscle_id");
  const [exercise, setExercise] = useNumberFilter("exercise_id");
  const [from] = useFilter("from");
  const [to] = useFilter("to");
  const isTurned = from !== null && to !== null && from > to;
  return (
    <>
      <PersonPicker value={person} onChange={setPerson} />
      <MusclePicker value={muscle} onChange={setMuscle} />
      <ExercisePicker value={exercise} onChange={setExercise} />
      <DayField label="From" field="from" />
      <DayField label="To" field="to" problem={isTurned ? "From is after To." : undefined} />
    </>
  );
}
