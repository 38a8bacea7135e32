import { useState } from "react";
import { useNavigate } from "react-router-dom";

import type { Api } from "../../api/client";
import type { Exercise } from "../../api/types";
import { Act } from "../../components/Act";
import { listAt, useNumberFilter } from "../../components/filters";
import { MergeIcon } from "../../components/icons";
import { Link } from "../../components/Link";
import { NameField } from "../../components/NameField";
import type { Option } from "../../components/Picker";
import { MusclePicker } from "../../components/pickers";
import type { Column } from "../../components/Rows";
import { useApi } from "../../provider/api";
import { Actions } from "../catalogue/Actions";
import { Catalogue, type FormProps } from "../catalogue/Catalogue";
import { Form } from "../catalogue/Form";
import { type Hanging, trained } from "../catalogue/things";

const COLUMNS: Column<Exercise>[] = [
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
  { label: "Muscle", sort: "muscle", isPlain: true, width: 170, render: (exercise) => <bdi>{exercise.muscle}</bdi> },
];

export default function Exercises() {
  const api = useApi();
  const navigate = useNavigate();
  return (
    <Catalogue<Exercise>
      kind="exercises"
      title="Exercises"
      about="The exercises that everybody chooses from. Two that are the same can be merged, with all their history."
      empty="People choose from them when they record a set."
      columns={COLUMNS}
      filters={<MuscleFilter />}
      Form={ExerciseForm}
      actions={(exercise, onEdit) => (
        <Actions
          kind="exercises"
          thing={exercise}
          archiving="It leaves everybody's lists."
          hanging={(signal) => hanging(api, exercise.id, signal)}
          onEdit={onEdit}
          more={
            <Act
              name={`Merge ${exercise.name} into another`}
              icon={<MergeIcon fontSize="small" />}
              onClick={() => void navigate(`/exercises/${exercise.id}/merge`)}
            />
          }
        />
      )}
    />
  );
}

async function hanging(api: Api, exercise_id: number, signal: AbortSignal): Promise<Hanging> {
  const found = await api.get("/api/v1/exercises/{exercise_id}", { path: { exercise_id }, signal });
  return { sentences: [trained(found, "it")], isUsed: found.people > 0 };
}

function MuscleFilter() {
  const [muscle, setMuscle] = useNumberFilter("muscle_id");
  return <MusclePicker value={muscle} onChange={setMuscle} />;
}

function ExerciseForm({ seen, onClose }: FormProps<Exercise>) {
  const api = useApi();
  const [shown] = useNumberFilter("muscle_id");
  const [name, setName] = useState(seen?.name ?? "");
  const [muscle, setMuscle] = useState<Pick<Option, "id" | "label"> | null>(
    seen === null ? (shown === null ? null : { id: shown, label: "" }) : { id: seen.muscle_id, label: seen.muscle },
  );
  const changed = {
    ...(name === seen?.name ? {} : { name }),
    ...(muscle === null || muscle.id === seen?.muscle_id ? {} : { muscle_id: muscle.id }),
  };
  return (
    <Form
      kind="exercises"
      seen={seen}
      name={name}
      fields={[
        { label: "Name", of: (exercise) => exercise.name, typed: name },
        { label: "Muscle", of: (exercise) => exercise.muscle, typed: muscle?.label ?? "" },
      ]}
      changed={changed}
      isWhole={muscle !== null}
      onClose={onClose}
    >
      <MusclePicker
        state="active"
        present={seen === null ? undefined : { id: seen.muscle_id, label: seen.muscle }}
        value={muscle?.id ?? null}
        onChange={setMuscle}
      />
      <NameField
        value={name}
        onChange={setName}
        ownId={seen?.id}
        among={`exercises of ${muscle?.id ?? 0}`}
        find={async (search, signal) => {
          if (muscle === null) return [];
          const query = { search, muscle_id: muscle.id, state: "all", limit: 200 } as const;
          return (await api.get("/api/v1/exercises", { query, signal })).items;
        }}
        autoFocus={muscle !== null}
      />
    </Form>
  );
}
