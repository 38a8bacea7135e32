import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useDataProvider, useRefresh } from "ra-core";
import { type ReactNode, useState } from "react";

import { isRefusal } from "../../api/refusal";
import { Act } from "../../components/Act";
import { Confirm } from "../../components/Confirm";
import { ArchiveIcon, DeleteIcon, EditIcon, RestoreIcon } from "../../components/icons";
import { isolated, quoted } from "../../components/names";
import { useSay } from "../../components/Toasts";
import { told } from "../../components/told";
import { useApi } from "../../provider/api";
import { type Catalogued, type Hanging, SHELVING, type ThingKind } from "./things";

interface Props {
  kind: ThingKind;
  thing: Catalogued;
  /** What leaves everybody's lists with it. */
  archiving: string;
  hanging: (signal: AbortSignal) => Promise<Hanging>;
  onEdit: () => void;
  /** What else can be done with it. */
  more?: ReactNode;
}

/** What can be done with a muscle or an exercise. */
export function Actions({ kind, thing, archiving, hanging, onEdit, more }: Props) {
  const api = useApi();
  const provider = useDataProvider();
  const refresh = useRefresh();
  const say = useSay();
  const [asked, setAsked] = useState<"archive" | "delete" | null>(null);
  const { id, name, version } = thing;
  const close = () => {
    setAsked(null);
    refresh(); // done or refused, it may be another by now
  };
  /** Do it and say so; of what may be done the list tells more than the question that asked for it. */
  const change = async (asked: Promise<unknown>, done: string) => {
    try {
      await asked;
      say(`${quoted(name)} is ${done}.`);
    } catch (error) {
      if (!isRefusal(error, "unknown")) throw error;
      say(`${quoted(name)} is perhaps ${done}. ${told(error)}`, "error");
    }
  };
  const archive = () => change(SHELVING[kind].archive(api, id), "archived");
  const restore = async () => {
    try {
      await change(SHELVING[kind].restore(api, id), "back in everybody's lists");
    } catch (error) {
      say(told(error), "error");
    }
    refresh();
  };
  const remove = () => change(provider.delete(kind, { id, meta: { version } }), "deleted");
  return (
    <>
      <Act id={`edit-${kind}-${id}`} name={`Edit ${name}`} icon={<EditIcon fontSize="small" />} onClick={onEdit} />
      {more}
      {thing.archived_at ? (
        <Act name={`Restore ${name}`} icon={<RestoreIcon fontSize="small" />} onClick={() => void restore()} />
      ) : (
        <Act
          name={`Archive ${name}`}
          icon={<ArchiveIcon fontSize="small" />}
          onClick={() => {
            setAsked("archive");
          }}
        />
      )}
      <Act
        name={`Delete ${name}`}
        icon={<DeleteIcon fontSize="small" />}
        onClick={() => {
          setAsked("delete");
        }}
      />
      {asked === "archive" && (
        <Confirm title={`Archive ${isolated(name)}?`} act="Archive" onAct={archive} onClose={close}>
          <Typography variant="body2">
            {archiving} What was recorded stays, and it can be restored at any time.
          </Typography>
        </Confirm>
      )}
      {asked === "delete" && (
        <Removal kind={kind} thing={thing} hanging={hanging} archive={archive} remove={remove} onClose={close} />
      )}
    </>
  );
}

interface RemovalProps extends Pick<Props, "kind" | "thing" | "hanging"> {
  archive: () => Promise<void>;
  remove: () => Promise<void>;
  onClose: () => void;
}

/** Say what would be lost; where that is history, it is refused, and archiving is what can be done. */
function Removal({ kind, thing, hanging, archive, remove, onClose }: RemovalProps) {
  const [isRefused, setRefused] = useState(false);
  const { data, error } = useQuery({
    queryKey: [kind, "hanging", thing.id],
    queryFn: ({ signal }) => hanging(signal),
    gcTime: 0,
  });
  const isUsed = isRefused || data?.isUsed === true;
  const tryIt = async () => {
    try {
      await remove();
    } catch (problem) {
      if (isRefusal(problem, "in_use")) setRefused(true);
      throw problem;
    }
  };
  const removing = { act: "Delete", isDangerous: true, onAct: tryIt };
  const shelving = thing.archived_at ? { onAct: archive } : { act: "Archive it instead", onAct: archive };
  const isKnown = data !== undefined || error !== null;
  return (
    <Confirm
      title={isUsed ? `${isolated(thing.name)} cannot be deleted` : `Delete ${isolated(thing.name)} for good?`}
      {...(isUsed ? shelving : isKnown ? removing : { onAct: remove })}
      onClose={onClose}
    >
      <Box role="status" sx={{ mb: 1.5, fontSize: "0.875rem", fontWeight: 600 }}>
        {(data?.sentences ?? [error === null ? "Looking what hangs on it …" : told(error)]).map((sentence) => (
          <div key={sentence}>{sentence}</div>
        ))}
      </Box>
      <Typography variant="body2">
        {isUsed
          ? "It is in use, and no recorded set is ever lost. " +
            (thing.archived_at ? "Archived, as it is, nobody sees it." : "Archiving takes it out of everybody's lists.")
          : "Deleting cannot be taken back. While recorded sets or notes hang on it, it is refused."}
      </Typography>
    </Confirm>
  );
}
