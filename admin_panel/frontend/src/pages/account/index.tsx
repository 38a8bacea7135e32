import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Paper from "@mui/material/Paper";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { isRefusal, Refusal } from "../../api/refusal";
import { Confirm } from "../../components/Confirm";
import { day, moment } from "../../components/format";
import { Page } from "../../components/Page";
import { Failed, Loading } from "../../components/States";
import { useSay } from "../../components/Toasts";
import { told } from "../../components/told";
import { useApi } from "../../provider/api";
import { useDeletions } from "../training/deletions";

const SHORTEST = 12; // characters that a new password has
const STILL_IN = "No answer came: your sessions may be over, or go on. Ask once more.";

export default function Account() {
  const api = useApi();
  const say = useSay();
  const { finish } = useDeletions();
  const [isAsking, setAsking] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const me = useQuery({ queryKey: ["me"], queryFn: ({ signal }) => api.get("/api/v1/auth/me", { signal }) });
  const leave = async () => {
    setLeaving(true);
    await finish(); // what was planned to be deleted is: nobody could see to it later
    try {
      await api.post("/api/v1/auth/logout", {});
    } catch (error) {
      const why = isRefusal(error, "unknown") ? "No answer came" : "The API did not hear it";
      say(`${why}: this browser has forgotten the session, the API may know it for a while.`, "error");
    }
    await api.session.leave();
  };
  const leaveEverywhere = async () => {
    await finish();
    await api.post("/api/v1/auth/logout-everywhere", {}).catch((error: unknown) => {
      throw isRefusal(error, "unknown") ? new Refusal(0, "unknown", STILL_IN) : (error as Error);
    });
    await api.session.leave();
    say("You are signed out everywhere.");
  };
  return (
    <Page title="Your account">
      <Box sx={{ display: "grid", gap: 2, maxWidth: 560 }}>
        <Paper variant="outlined" component="section" sx={{ p: { xs: 2, sm: 3 } }}>
          {me.isPending ? (
            <Loading what="your account" lines={2} />
          ) : me.isError ? (
            <Failed what="Your account" error={me.error} retry={() => void me.refetch()} />
          ) : (
            <>
              <Typography variant="h2">
                <bdi>{me.data.name}</bdi>
              </Typography>
              <Typography variant="body2" sx={{ color: "text.secondary", mb: 2 }}>
                An admin since {day(me.data.created_at.slice(0, 10))}. Signed in since {moment(me.data.signed_in_at)};
                unless you come back before, this session ends {moment(me.data.session_ends_at)}.
              </Typography>
            </>
          )}
          <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
            <Button variant="contained" disabled={isLeaving} onClick={() => void leave()}>
              Sign out
            </Button>
            <Button
              variant="outlined"
              onClick={() => {
                setAsking(true);
              }}
            >
              Sign out everywhere
            </Button>
          </Box>
        </Paper>
        <Password />
      </Box>
      {isAsking && (
        <Confirm
          title="Sign out everywhere?"
          act="Sign out everywhere"
          onAct={leaveEverywhere}
          onClose={() => {
            setAsking(false);
          }}
        >
          <Typography variant="body2">
            All your sessions end at once, on every device, this one too: not even a token that was copied counts any
            more.
          </Typography>
        </Confirm>
      )}
    </Page>
  );
}

function Password() {
  const api = useApi();
  const say = useSay();
  const [present, setPresent] = useState("");
  const [next, setNext] = useState("");
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isWhole = present !== "" && next.length >= SHORTEST;
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await api.post("/api/v1/auth/password", { body: { current_password: present, new_password: next } });
      setPresent("");
      setNext("");
      setShown(false);
      say("You have the new password; your other sessions are ended.");
    } catch (error) {
      const wait = error instanceof Refusal && error.retryAfter !== null ? ` Try again in ${error.retryAfter} s.` : "";
      setProblem(
        isRefusal(error, "unknown")
          ? "No answer came: whether you have the new password is not known. Try it with both."
          : `${told(error)}${wait}`,
      );
    }
    setBusy(false);
  };
  return (
    <Paper
      variant="outlined"
      component="form"
      aria-label="Another password"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && isWhole) void save();
      }}
      sx={{ p: { xs: 2, sm: 3 }, display: "grid", gap: 2 }}
    >
      <Typography variant="h2">Another password</Typography>
      <TextField
        label="Present password"
        type="password"
        value={present}
        onChange={(event) => {
          setPresent(event.target.value);
        }}
        slotProps={{ htmlInput: { autoComplete: "current-password" } }}
      />
      <TextField
        label="New password"
        type={isShown ? "text" : "password"}
        value={next}
        helperText="Twelve characters or more; a few words are best."
        onChange={(event) => {
          setNext(event.target.value);
        }}
        slotProps={{
          htmlInput: { autoComplete: "new-password", autoCapitalize: "none", spellCheck: false },
          input: {
            endAdornment: (
              <Button
                size="small"
                aria-label={isShown ? "Hide the new password" : "Show the new password"}
                onClick={() => {
                  setShown(!isShown);
                }}
              >
                {isShown ? "Hide" : "Show"}
              </Button>
            ),
          },
        }}
      />
      {problem !== null && (
        <Alert severity="error" variant="outlined" role="alert">
          {problem}
        </Alert>
      )}
      <Box>
        <Button type="submit" variant="outlined" disabled={isBusy || !isWhole}>
          Change it
        </Button>
      </Box>
    </Paper>
  );
}
