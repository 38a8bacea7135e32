import Box from "@mui/material/Box";
import TextField from "@mui/material/TextField";
import { useState } from "react";

import type { TrainingSet } from "../../api/types";
import { Conflict } from "../../components/Conflict";
import { FormRow } from "../../components/FormRow";
import { number, weight as inKilos } from "../../components/format";
import { useSaving } from "../../components/saving";
import { useSay } from "../../components/Toasts";
import { titleOf } from "./deletions";
import { repsOf, weightOf } from "./numbers";

/** Correct a set's two numbers, in its line. */
export function EditSet({ seen: first, onClose }: { seen: TrainingSet; onClose: () => void }) {
  const [seen] = useState(first); // the list may load anew meanwhile; what was looked at stays
  const [weightText, setWeight] = useState(String(seen.weight));
  const [repsText, setReps] = useState(String(seen.reps));
  const saving = useSaving<TrainingSet>("training", seen);
  const say = useSay();
  const weight = weightOf(weightText);
  const reps = repsOf(repsText);
  const { theirs } = saving;
  const isSame = weight === seen.weight && reps === seen.reps;
  const save = async () => {
    // What was not touched is left out: somebody else's correction of it stays.
    const changed = { ...(weight === seen.weight ? {} : { weight }), ...(reps === seen.reps ? {} : { reps }) };
    if (await saving.save(changed)) {
      say(`Corrected: ${titleOf(seen)}.`);
      onClose();
    }
  };
  return (
    <FormRow
      openedBy={`correct-${seen.id}`}
      name={`Correct ${titleOf(seen)}`}
      act="Save"
      isBusy={saving.isBusy}
      isIdle={weight === null || reps === null || isSame || theirs !== undefined}
      problem={saving.problem}
      onSave={() => void save()}
      onClose={onClose}
      below={
        theirs !== undefined && (
          <Conflict
            what="This set"
            isGone={theirs === null}
            isBusy={saving.isBusy}
            fields={[
              { label: "Weight", before: inKilos(seen.weight), now: theirs ? inKilos(theirs.weight) : "", typed: inKilos(weight ?? 0) },
              { label: "Reps", before: number(seen.reps), now: theirs ? number(theirs.reps) : "", typed: number(reps ?? 0) },
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
      <Box sx={{ flex: "1 1 100%", fontWeight: 600 }}>
        <bdi>{titleOf(seen)}</bdi>
      </Box>
      <TextField
        label="Weight, kg"
        value={weightText}
        autoFocus
        error={weight === null}
        helperText={weight === null ? "0 (bodyweight) to 999.99" : undefined}
        onChange={(event) => {
          setWeight(event.target.value);
        }}
        slotProps={{ htmlInput: { inputMode: "decimal", maxLength: 12 } }}
        sx={{ width: 150 }}
      />
      <TextField
        label="Reps"
        value={repsText}
        error={reps === null}
        helperText={reps === null ? "1 to 999, whole" : undefined}
        onChange={(event) => {
          setReps(event.target.value);
        }}
        slotProps={{ htmlInput: { inputMode: "numeric", maxLength: 4 } }}
        sx={{ width: 120 }}
      />
    </FormRow>
  );
}
