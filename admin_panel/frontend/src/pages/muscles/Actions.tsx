import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useDataProvider, useRefresh } from "ra-core";
import { useState } from "react";

import { isRefusal, sentenceOf } from "../../api/refusal";
import type { Muscle } from "../../api/types";
import { Act } from "../../components/Act";
import { Confirm } from "../../components/Confirm";
import { count } from "../../components/format";
import { ArchiveIcon, DeleteIcon, EditIcon, RestoreIcon } from "../../components/icons";
import { useSay } from "../../components/Toasts";
import { useApi } from "../../provider/api";

/** What can be done with one muscle. */
export function Actions({ muscle, onEdit }: { muscle: Muscle; onEdit: () => void }) {
  const api = useApi();
  const provider = useDataProvider();
  const refresh = useRefresh();
  const say = useSay();
  const [asked, setAsked] = useState<"archive" | "delete" | null>(null);
  const path = { muscle_id: muscle.id };
  const close = () => {
    setAsked(null);
  };
  const archive = async () => {
    await api.post("/api/v1/muscles/{muscle_id}/archive", { path });
    say(`“${muscle.name}” is archived.`);
    refresh();
  };
  const restore = async () => {
    try {
      await api.post("/api/v1/muscles/{muscle_id}/restore", { path });
      say(`“${muscle.name}” is back in everybody's lists.`);
    } catch (error) {
      say(sentenceOf(error), "error");
    }
    refresh();
  };
  const remove = async () => {
    try {
      await provider.delete("muscles", { id: muscle.id, meta: { version: muscle.version } });
      say(`“${muscle.name}” is deleted.`);
    } finally {
      refresh();
    }
  };
  return (
    <>
      <Act
        id={`edit-muscle-${muscle.id}`}
        name={`Edit ${muscle.name}`}
        icon={<EditIcon fontSize="small" />}
        onClick={onEdit}
      />
      {muscle.archived_at ? (
        <Act name={`Restore ${muscle.name}`} icon={<RestoreIcon fontSize="small" />} onClick={() => void restore()} />
      ) : (
        <Act
          name={`Archive ${muscle.name}`}
          icon={<ArchiveIcon fontSize="small" />}
          onClick={() => {
            setAsked("archive");
          }}
        />
      )}
      <Act
        name={`Delete ${muscle.name}`}
        icon={<DeleteIcon fontSize="small" />}
        onClick={() => {
          setAsked("delete");
        }}
      />
      {asked === "archive" && (
        <Confirm title={`Archive ${muscle.name}?`} act="Archive" onAct={archive} onClose={close}>
          <Typography variant="body2">
            It and its {count(muscle.exercises, "exercise")} leave everybody's lists. What was recorded stays, and it can be
            restored at any time.
          </Typography>
        </Confirm>
      )}
      {asked === "delete" && (
        <Confirm
          title={`Delete ${muscle.name} for good?`}
          act="Delete"
          isDangerous
          onAct={remove}
          onClose={close}
          insteadOf={(error) =>
            isRefusal(error, "in_use") &&
            !muscle.archived_at && (
              <Button
                variant="outlined"
                onClick={() => {
                  void archive().then(close);
                }}
              >
                Archive it instead
              </Button>
            )
          }
        >
          <Typography variant="body2">
            {muscle.exercises > 0
              ? `${count(muscle.exercises, "exercise")} everybody has would be lost, so it cannot be deleted before they are. Archiving takes it out of the lists and keeps them.`
              : "No exercise that everybody has would be lost. It cannot be taken back; while recorded sets or people's own exercises are of it, it is refused."}
          </Typography>
        </Confirm>
      )}
    </>
  );
}
