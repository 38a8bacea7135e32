import Typography from "@mui/material/Typography";
import { useEffect } from "react";
import { useBlocker } from "react-router-dom";

import { Confirm } from "../components/Confirm";
import { useAllUnsaved, useIsAnyUnsaved } from "../components/unsaved";
import { useApi } from "../provider/api";

/** Whoever would lose what they typed is asked first: on the way to another page, and by the browser on the way out. */
export function Leaving() {
  const { session } = useApi();
  const unsaved = useAllUnsaved();
  const isAny = useIsAnyUnsaved();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname &&
      unsaved.isAny() &&
      session.name() !== null, // who has signed out is led to the door
  );
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (unsaved.isAny()) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
    };
  }, [unsaved]);
  // Nothing is left to lose: its person has let it go, or what was being saved is saved by now.
  useEffect(() => {
    if (blocker.state === "blocked" && !isAny) blocker.proceed();
  }, [blocker, isAny]);
  if (blocker.state !== "blocked") return null;
  return (
    <Confirm
      title="Leave without saving?"
      act="Leave"
      isDangerous
      onAct={() => {
        unsaved.forget();
        return Promise.resolve();
      }}
      onClose={() => {
        if (unsaved.isAny()) blocker.reset(); // else one is on the way out
      }}
    >
      <Typography variant="body2">What you typed here is not saved, and would be lost.</Typography>
    </Confirm>
  );
}
