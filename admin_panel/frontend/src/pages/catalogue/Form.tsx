import Box from "@mui/material/Box";
import { useDataProvider, useRefresh } from "ra-core";
import { type ReactNode, useState } from "react";

import { isRefusal } from "../../api/refusal";
import { EditRow, type Field } from "../../components/EditRow";
import { FormRow } from "../../components/FormRow";
import { quoted } from "../../components/names";
import { useSay } from "../../components/Toasts";
import { told } from "../../components/told";
import type { FormProps } from "./Catalogue";
import type { Catalogued, ThingKind } from "./things";

interface Props<T> extends FormProps<T> {
  kind: ThingKind;
  name: string;
  fields: readonly Field<T>[];
  /** What was touched, as the API takes it. */
  changed: Record<string, unknown>;
  isWhole: boolean;
  children: ReactNode;
}

/** The form of a muscle or an exercise: a new one above the list, or one that is there in its line. */
export function Form<T extends Catalogued>({ seen, ...props }: Props<T>) {
  const { kind, name, isWhole, children } = props;
  if (seen === null) return <New {...props} />;
  return (
    <EditRow
      {...props}
      seen={seen}
      what={`This ${kind.slice(0, -1)}`}
      name={`Edit ${seen.name}`}
      openedBy={`edit-${kind}-${seen.id}`}
      isWhole={isWhole && name.trim() !== ""}
      done="Saved."
    >
      {children}
    </EditRow>
  );
}

function New<T>({ kind, name, changed, isWhole, onClose, children }: Omit<Props<T>, "seen">) {
  const provider = useDataProvider();
  const refresh = useRefresh();
  const say = useSay();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await provider.create(kind, { data: changed });
      say(`${quoted(name.trim())} is there, for everybody.`);
      refresh();
      onClose();
    } catch (error) {
      setProblem(told(error));
      setBusy(false);
      if (isRefusal(error, "unknown")) refresh();
    }
  };
  return (
    <Box sx={{ px: 2, py: 1.5, borderBottom: 1, borderColor: "divider", bgcolor: "action.hover" }}>
      <FormRow
        openedBy={`new-${kind}`}
        name={`New ${kind.slice(0, -1)}`}
        act="Add"
        isBusy={isBusy}
        isIdle={!isWhole || name.trim() === ""}
        isUnsaved={name.trim() !== ""}
        problem={problem}
        onSave={() => void save()}
        onClose={onClose}
      >
        {children}
      </FormRow>
    </Box>
  );
}
