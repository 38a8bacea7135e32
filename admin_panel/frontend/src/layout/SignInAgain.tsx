import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Typography from "@mui/material/Typography";
import { useLogout } from "ra-core";
import { useEffect } from "react";

import { SignInForm } from "../pages/signin/SignInForm";
import { useApi, useSession } from "../provider/api";

/**
 * The session ended while somebody was here: they sign in on top of the page that they are on, and what they have typed
 * stays. Whoever signs out, here or in another tab, is led to the door instead.
 */
export function SignInAgain() {
  const { session } = useApi();
  const state = useSession();
  const logout = useLogout();
  const isOut = state.is === "out";
  useEffect(() => {
    if (isOut) void logout();
  }, [isOut, logout]);
  if (state.is !== "ended") return null;
  return (
    <Dialog
      open
      fullWidth
      maxWidth="xs"
      aria-labelledby="sign-in-again"
      slotProps={{ backdrop: { sx: { bgcolor: "background.default", opacity: "0.97 !important" } } }}
    >
      <DialogTitle id="sign-in-again">Your session has ended</DialogTitle>
      <DialogContent>
        <Typography variant="body2" sx={{ mb: 2 }}>
          Sign in again and go on where you were. What you typed is still there.
        </Typography>
        <SignInForm name={state.name} signIn={(name, password) => session.signIn(name, password)} />
        <Button
          fullWidth
          sx={{ mt: 1 }}
          onClick={() => {
            void session.leave();
          }}
        >
          Leave instead
        </Button>
      </DialogContent>
    </Dialog>
  );
}
