import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useDataProvider, useRefresh } from "ra-core";
import { useState } from "react";
import { useNavigate } from "react-router-dom";

import { isRefusal, sentenceOf } from "../../api/refusal";
import type { Exercise } from "../../api/types";
import { Act } from "../../components/Act";
import { Confirm } from "../../components/Confirm";
import { count, day } from "../../components/format";
import { ArchiveIcon, DeleteIcon, EditIcon, MergeIcon, RestoreIcon } from "../../components/icons";
import { useSay } from "../../components/Toasts";
import { useApi } from "../../provider/api";

/** What can be done with one exercise. */
export function Actions({ exercise, onEdit }: { exercise: Exercise; onEdit: () => void }) {
  const api = useApi();
  const provider = useDataProvider();
  const refresh = useRefresh();
  const navigate = useNavigate();
  const say = useSay();
  const [asked, setAsked] = useState<"archive" | "delete" | null>(null);
  const path = { exercise_id: exercise.id };
  const close = () => {
    setAsked(null);
  };
  const archive = async () => {
    await api.post("/api/v1/exercises/{exercise_id}/archive", { path });
    say(`“${exercise.name}” is archived.`);
    refresh();
  };
  const restore = async () => {
    try {
      await api.post("/api/v1/exercises/{exercise_id}/restore", { path });
      say(`“${exercise.name}” is back in everybody's lists.`);
    } catch (error) {
      say(sentenceOf(error), "error");
    }
    refresh();
  };
  const remove = async () => {
    try {
      await provider.delete("exercises", { id: exercise.id, meta: { version: exercise.version } });
      say(`“${exercise.name}” is deleted.`);
    } finally {
      refresh();
    }
  };
  return (
    <>
      <Act
        id={`edit-exercise-${exercise.id}`}
        name={`Edit ${exercise.name}`}
        icon={<EditIcon fontSize="small" />}
        onClick={onEdit}
      />
      <Act
        name={`Merge ${exercise.name} into another`}
        icon={<MergeIcon fontSize="small" />}
        onClick={() => void navigate(`/exercises/${exercise.id}/merge`)}
      />
      {exercise.archived_at ? (
        <Act name={`Restore ${exercise.name}`} icon={<RestoreIcon fontSize="small" />} onClick={() => void restore()} />
      ) : (
        <Act
          name={`Archive ${exercise.name}`}
          icon={<ArchiveIcon fontSize="small" />}
          onClick={() => {
            setAsked("archive");
          }}
        />
      )}
      <Act
        name={`Delete ${exercise.name}`}
        icon={<DeleteIcon fontSize="small" />}
        onClick={() => {
          setAsked("delete");
        }}
      />
      {asked === "archive" && (
        <Confirm title={`Archive ${exercise.name}?`} act="Archive" onAct={archive} onClose={close}>
          <Loss exercise={exercise} />
          <Typography variant="body2">
            It leaves everybody's lists. What was recorded stays, and it can be restored at any time.
          </Typography>
        </Confirm>
      )}
      {asked === "delete" && (
        <Confirm
          title={`Delete ${exercise.name} for good?`}
          act="Delete"
          isDangerous
          onAct={remove}
          onClose={close}
          insteadOf={(error) =>
            isRefusal(error, "in_use") &&
            !exercise.archived_at && (
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
          <Loss exercise={exercise} />
          <Typography variant="body2">
            Deleting cannot be taken back. What somebody has trained, or noted something of, is never deleted: archive or
            merge it instead.
          </Typography>
        </Confirm>
      )}
    </>
  );
}

/** Whose history hangs on an exercise. */
function Loss({ exercise }: { exercise: Exercise }) {
  const api = useApi();
  const { data, error } = useQuery({
    queryKey: ["exercises", "use", exercise.id],
    queryFn: ({ signal }) =>
      api.get("/api/v1/exercises/{exercise_id}", { path: { exercise_id: exercise.id }, signal }),
  });
  const sentence =
    data === undefined
      ? error
        ? sentenceOf(error)
        : "Looking who trains it …"
      : data.people === 0
        ? "Nobody has trained it yet."
        : `${count(data.people, "person has", "people have")} trained it, on ${count(data.days, "day")} in all, last on ${day(data.last_day ?? "")}.`;
  return (
    <Typography variant="body2" role="status" sx={{ mb: 1, fontWeight: 600 }}>
      {sentence}
    </Typography>
  );
}
