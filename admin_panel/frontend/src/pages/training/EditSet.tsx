import Box from "@mui/material/Box";
import TextField from "@mui/material/TextField";
import { useState } from "react";

import type { TrainingSet } from "../../api/types";
import { EditRow } from "../../components/EditRow";
import { exactly } from "../../components/format";
import { repsOf, weightOf } from "./numbers";
import { titleOf } from "./titles";

/** Correct a set's two numbers, in its line. */
export function EditSet({ seen, onClose }: { seen: TrainingSet; onClose: () => void }) {
  const [weightText, setWeight] = useState(String(seen.weight));
  const [repsText, setReps] = useState(String(seen.reps));
  const weight = weightOf(weightText);
  const reps = repsOf(repsText);
  return (
    <EditRow
      kind="training"
      seen={seen}
      what="This set"
      name={`Correct ${titleOf(seen)}`}
      openedBy={`correct-${seen.id}`}
      fields={[
        { label: "Weight", of: (set) => exactly(set.weight), typed: weight === null ? weightText : exactly(weight) },
        { label: "Reps", of: (set) => String(set.reps), typed: reps === null ? repsText : String(reps) },
      ]}
      changed={{ ...(weight === seen.weight ? {} : { weight }), ...(reps === seen.reps ? {} : { reps }) }}
      isWhole={weight !== null && reps !== null}
      done={`Corrected: ${titleOf(seen)}.`}
      onClose={onClose}
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
    </EditRow>
  );
}
