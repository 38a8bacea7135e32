import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useEffect, useRef, useState } from "react";

import { Confirm } from "../../components/Confirm";
import { useFilters } from "../../components/filters";
import { number } from "../../components/format";
import { DownloadIcon } from "../../components/icons";
import { useSay } from "../../components/Toasts";
import { told } from "../../components/told";
import { useApi } from "../../provider/api";
import { fileOf } from "./titles";

/** The sets that the filters let through, as a file. */
export function Export() {
  const api = useApi();
  const say = useSay();
  const [filters] = useFilters();
  const running = useRef<AbortController | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  useEffect(
    () => () => {
      running.current?.abort(); // nobody waits for it any more
    },
    [],
  );
  const go = async () => {
    const { signal } = (running.current = new AbortController());
    setBusy(true);
    try {
      const file = await api.file("/api/v1/training.csv", { query: filters, signal });
      if (signal.aborted) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = fileOf(filters);
      link.click();
      setTimeout(() => {
        URL.revokeObjectURL(link.href);
      }, 60_000);
      say(`${link.download} is there, ${number(Math.max(0.01, file.size / 1e6))} MB.`);
    } catch (error) {
      if (!signal.aborted) say(told(error), "error");
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        variant="outlined"
        startIcon={<DownloadIcon />}
        onClick={() => {
          if (isBusy) running.current?.abort();
          else if (Object.keys(filters).length === 0) setAsking(true);
          else void go();
        }}
      >
        {isBusy ? "Exporting … stop it" : "Export as CSV"}
      </Button>
      {isAsking && (
        <Confirm
          title="Export every set of everybody?"
          act="Export all"
          onAct={() => {
            void go();
            return Promise.resolve();
          }}
          onClose={() => {
            setAsking(false);
          }}
        >
          <Typography variant="body2">
            No filter is set. A million sets are some 100 MB and take a minute or two; you can stop it at any time. A
            person, an exercise or some days make it less.
          </Typography>
        </Confirm>
      )}
    </>
  );
}
