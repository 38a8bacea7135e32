import Box from "@mui/material/Box";
import { useDataProvider, useRefresh } from "ra-core";
import { useState } from "react";

import { sentenceOf } from "../../api/refusal";
import type { Exercise } from "../../api/types";
import { Conflict } from "../../components/Conflict";
import { useNumberFilter } from "../../components/filters";
import { FormRow } from "../../components/FormRow";
import { NameField } from "../../components/NameField";
import type { Option } from "../../components/Picker";
import { MusclePicker } from "../../components/pickers";
import { useSaving } from "../../components/saving";
import { useSay } from "../../components/Toasts";
import { useApi } from "../../provider/api";

interface FieldsProps {
  name: string;
  setName: (name: string) => void;
  muscle: number | null;
  setMuscle: (muscle: Option | null) => void;
  ownId?: number;
}

function Fields({ name, setName, muscle, setMuscle, ownId }: FieldsProps) {
  const api = useApi();
  return (
    <>
      <MusclePicker value={muscle} onChange={setMuscle} />
      <Box sx={{ flex: "1 1 240px", maxWidth: 420 }}>
        <NameField
          label="Name"
          value={name}
          onChange={setName}
          ownId={ownId}
          among={`exercises of ${muscle ?? 0}`}
          find={async (search, signal) =>
            muscle === null
              ? []
              : (await api.get("/api/v1/exercises", { query: { search, muscle_id: muscle, state: "all", limit: 200 }, signal }))
                  .items
          }
          autoFocus={ownId !== undefined || muscle !== null}
        />
      </Box>
    </>
  );
}

export function NewExercise({ onClose }: { onClose: () => void }) {
  const provider = useDataProvider();
  const refresh = useRefresh();
  const say = useSay();
  const [shown] = useNumberFilter("muscle_id");
  const [name, setName] = useState("");
  const [muscle, setMuscle] = useState(shown);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await provider.create("exercises", { data: { name, muscle_id: muscle } });
      say(`“${name.trim()}” is there, for everybody.`);
      refresh();
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Box sx={{ p: 1.5, borderBottom: 1, borderColor: "divider", bgcolor: "action.hover" }}>
      <FormRow
        openedBy="new-exercise"
        name="New exercise"
        act="Add"
        isBusy={isBusy}
        isIdle={name.trim() === "" || muscle === null}
        problem={problem}
        onSave={() => void save()}
        onClose={onClose}
      >
        <Fields
          name={name}
          setName={setName}
          muscle={muscle}
          setMuscle={(chosen) => {
            setMuscle(chosen?.id ?? null);
          }}
        />
      </FormRow>
    </Box>
  );
}

export function EditExercise({ seen: first, onClose }: { seen: Exercise; onClose: () => void }) {
  const [seen] = useState(first); // the list may load anew meanwhile; what was looked at stays
  const [name, setName] = useState(seen.name);
  const [muscle, setMuscle] = useState<Option | null>({ id: seen.muscle_id, label: seen.muscle });
  const saving = useSaving<Exercise>("exercises", seen);
  const say = useSay();
  const isSame = name === seen.name && muscle?.id === seen.muscle_id;
  const save = async () => {
    // What was not touched is left out: somebody else's change of it stays.
    const changed = {
      ...(name === seen.name ? {} : { name }),
      ...(muscle === null || muscle.id === seen.muscle_id ? {} : { muscle_id: muscle.id }),
    };
    if (await saving.save(changed)) {
      say("Saved.");
      onClose();
    }
  };
  const { theirs } = saving;
  return (
    <FormRow
      openedBy={`edit-exercise-${seen.id}`}
      name={`Edit ${seen.name}`}
      act="Save"
      isBusy={saving.isBusy}
      isIdle={name.trim() === "" || muscle === null || isSame || theirs !== undefined}
      problem={saving.problem}
      onSave={() => void save()}
      onClose={onClose}
      below={
        theirs !== undefined && (
          <Conflict
            what="This exercise"
            isGone={theirs === null}
            isBusy={saving.isBusy}
            fields={[
              { label: "Name", before: seen.name, now: theirs?.name ?? "", typed: name },
              { label: "Muscle", before: seen.muscle, now: theirs?.muscle ?? "", typed: muscle?.label ?? "" },
            ]}
            onMine={() => void save()}
            onTheirs={() => {
              saving.forget();
              onClose();
            }}
          />
        )
      }
    >
      <Fields name={name} setName={setName} muscle={muscle?.id ?? null} setMuscle={setMuscle} ownId={seen.id} />
    </FormRow>
  );
}
