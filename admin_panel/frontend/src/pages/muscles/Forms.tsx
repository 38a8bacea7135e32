import Box from "@mui/material/Box";
import { useDataProvider, useRefresh } from "ra-core";
import { useState } from "react";

import { sentenceOf } from "../../api/refusal";
import type { Muscle } from "../../api/types";
import { Conflict } from "../../components/Conflict";
import { FormRow } from "../../components/FormRow";
import { NameField } from "../../components/NameField";
import { useSaving } from "../../components/saving";
import { useSay } from "../../components/Toasts";
import { useApi } from "../../provider/api";

function MuscleName({ value, onChange, ownId }: { value: string; onChange: (value: string) => void; ownId?: number }) {
  const api = useApi();
  return (
    <Box sx={{ flex: "1 1 240px", maxWidth: 420 }}>
      <NameField
        label="Name"
        value={value}
        onChange={onChange}
        ownId={ownId}
        among="muscles"
        find={async (search, signal) =>
          (await api.get("/api/v1/muscles", { query: { search, state: "all", limit: 200 }, signal })).items
        }
        autoFocus
      />
    </Box>
  );
}

export function NewMuscle({ onClose }: { onClose: () => void }) {
  const provider = useDataProvider();
  const refresh = useRefresh();
  const say = useSay();
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await provider.create("muscles", { data: { name } });
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
        openedBy="new-muscle"
        name="New muscle"
        act="Add"
        isBusy={isBusy}
        isIdle={name.trim() === ""}
        problem={problem}
        onSave={() => void save()}
        onClose={onClose}
      >
        <MuscleName value={name} onChange={setName} />
      </FormRow>
    </Box>
  );
}

export function EditMuscle({ seen: first, onClose }: { seen: Muscle; onClose: () => void }) {
  const [seen] = useState(first); // the list may load anew meanwhile; what was looked at stays
  const [name, setName] = useState(seen.name);
  const saving = useSaving<Muscle>("muscles", seen);
  const say = useSay();
  const save = async () => {
    if (await saving.save({ name })) {
      say("Saved.");
      onClose();
    }
  };
  return (
    <FormRow
      openedBy={`edit-muscle-${seen.id}`}
      name={`Edit ${seen.name}`}
      act="Save"
      isBusy={saving.isBusy}
      isIdle={name.trim() === "" || name === seen.name || saving.theirs !== undefined}
      problem={saving.problem}
      onSave={() => void save()}
      onClose={onClose}
      below={
        saving.theirs !== undefined && (
          <Conflict
            what="This muscle"
            isGone={saving.theirs === null}
            isBusy={saving.isBusy}
            fields={[{ label: "Name", before: seen.name, now: saving.theirs?.name ?? "", typed: name }]}
            onMine={() => void save()}
            onTheirs={() => {
              saving.forget();
              onClose();
            }}
          />
        )
      }
    >
      <MuscleName value={name} onChange={setName} ownId={seen.id} />
    </FormRow>
  );
}
