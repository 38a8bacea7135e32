import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import TextField from "@mui/material/TextField";
import { useEffect, useState } from "react";

import { Refusal } from "../../api/refusal";
import { told } from "../../components/told";

interface Props {
  /** Who must come back; null: anybody. */
  name: string | null;
  signIn: (name: string, password: string) => Promise<void>;
}

/** Name and password; after too many tries it counts the seconds that one has to wait. */
export function SignInForm({ name: fixed, signIn }: Props) {
  const [name, setName] = useState(fixed ?? "");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [wait, setWait] = useState(0);
  useEffect(() => {
    if (wait === 0) return;
    const timer = setTimeout(() => {
      setWait(wait - 1);
    }, 1000);
    return () => {
      clearTimeout(timer);
    };
  }, [wait]);
  const go = async () => {
    setBusy(true);
    setProblem("");
    try {
      await signIn(name, password);
    } catch (error) {
      setProblem(told(error));
      if (error instanceof Refusal && error.retryAfter !== null) setWait(error.retryAfter);
      setPassword("");
      setBusy(false);
    }
  };
  return (
    <Box
      component="form"
      aria-label="Sign in"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && name !== "" && password !== "") void go();
      }}
      sx={{ display: "grid", gap: 2, mt: 1 }}
    >
      <TextField
        label="Name"
        value={name}
        onChange={(event) => {
          setName(event.target.value);
        }}
        autoFocus={fixed === null}
        disabled={isBusy}
        slotProps={{
          htmlInput: {
            autoComplete: "username",
            autoCapitalize: "none",
            maxLength: 64,
            readOnly: fixed !== null,
            dir: "auto",
          },
        }}
      />
      <TextField
        label="Password"
        type="password"
        value={password}
        onChange={(event) => {
          setPassword(event.target.value);
        }}
        autoFocus={fixed !== null}
        disabled={isBusy}
        slotProps={{ htmlInput: { autoComplete: "current-password" } }}
      />
      {problem !== "" && (
        <Alert severity="error" variant="outlined">
          {problem}
          {wait > 0 && ` Try again in ${wait} s.`}
        </Alert>
      )}
      <Button type="submit" variant="contained" size="large" disabled={isBusy || wait > 0}>
        {isBusy ? "Signing in …" : "Sign in"}
      </Button>
    </Box>
  );
}
