import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import FormControlLabel from "@mui/material/FormControlLabel";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router-dom";

import { isRefusal } from "../../api/refusal";
import type { Merge } from "../../api/types";
import { count, number } from "../../components/format";
import { Link } from "../../components/Link";
import { isolated, quoted } from "../../components/names";
import { Page } from "../../components/Page";
import type { Option } from "../../components/Picker";
import { ExercisePicker } from "../../components/pickers";
import { Failed, Loading } from "../../components/States";
import { useSay } from "../../components/Toasts";
import { told } from "../../components/told";
import { useApi } from "../../provider/api";

/** Two exercises that are one: all history of the first goes to the second. */
export default function MergePage() {
  const id = Number(useParams().id);
  const api = useApi();
  const [into, setInto] = useState<Option | null>(null);
  const source = useQuery({
    queryKey: ["exercises", "use", id],
    queryFn: ({ signal }) => api.get("/api/v1/exercises/{exercise_id}", { path: { exercise_id: id }, signal }),
  });
  if (source.data === undefined) {
    return (
      <Page title="Merge" about={<Link to="/exercises">Back to the exercises</Link>}>
        {source.isPending ? (
          <Loading what="the exercise" />
        ) : (
          <Failed what="The exercise" error={source.error} retry={() => void source.refetch()} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={`Merge ${isolated(source.data.name)}`}
      about={
        <>
          All that was recorded of it moves to another exercise, and it is archived.{" "}
          <Link to="/exercises">Back to the exercises</Link>
        </>
      }
    >
      <Paper variant="outlined" sx={{ p: { xs: 2, sm: 3 }, maxWidth: 720 }}>
        <Typography variant="h2" sx={{ mb: 2 }}>
          Into which one?
        </Typography>
        <ExercisePicker
          label="The exercise that gets the history"
          isWide
          state="active"
          except={id}
          value={into?.id ?? null}
          onChange={setInto}
        />
        {into !== null && <Preview key={into.id} sourceId={id} intoId={into.id} />}
      </Paper>
    </Page>
  );
}

function Preview({ sourceId, intoId }: { sourceId: number; intoId: number }) {
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const [isSure, setSure] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const path = { exercise_id: sourceId };
  const preview = useQuery({
    queryKey: ["merge", sourceId, intoId],
    queryFn: ({ signal }) =>
      api.get("/api/v1/exercises/{exercise_id}/merge", { path, query: { into: intoId }, signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  if (preview.isPending) return <Loading what="the preview" lines={3} />;
  const merge = async (seen: Merge) => {
    setBusy(true);
    setRefused(null);
    try {
      const done = await api.post("/api/v1/exercises/{exercise_id}/merge", {
        path,
        body: { into: intoId, into_version: seen.into.version },
        version: seen.source.version,
      });
      say(`${count(done.sets, "set")} moved to ${quoted(done.into.name)}; ${quoted(done.source.name)} is archived.`);
      await navigate("/exercises"); // first, or the preview would be asked for anew, of an archived exercise
      await queries.invalidateQueries();
    } catch (error) {
      setBusy(false);
      setSure(false);
      if (isRefusal(error, "stale")) {
        setRefused("Somebody changed one of the two meanwhile, and nothing was merged. This is what it would be now:");
        await preview.refetch();
      } else if (isRefusal(error, "unknown")) {
        setRefused("No answer came: whether they are merged is not known. This is what is left to do now:");
        await queries.invalidateQueries();
      } else setRefused(told(error));
    }
  };
  return (
    <Box component="section" aria-label="What merging changes" sx={{ mt: 2.5 }}>
      {refused !== null && (
        <Alert severity="warning" variant="outlined" role="alert" sx={{ mb: 2 }}>
          {refused}
        </Alert>
      )}
      {preview.isError ? (
        <Failed what="The preview" error={preview.error} retry={() => void preview.refetch()} />
      ) : (
        <>
          <Facts merge={preview.data} />
          {preview.data.days_too_full > 0 ? (
            <Alert severity="error" variant="outlined">
              On {count(preview.data.days_too_full, "day")} there would be more sets than numbers (99). Delete some of
              them first.
            </Alert>
          ) : (
            <>
              <FormControlLabel
                control={
                  <Checkbox
                    checked={isSure}
                    onChange={(_, checked) => {
                      setSure(checked);
                    }}
                  />
                }
                label="I know that this cannot be undone."
              />
              <Box sx={{ mt: 1 }}>
                <Button
                  variant="contained"
                  color="error"
                  disabled={!isSure || isBusy}
                  onClick={() => void merge(preview.data)}
                >
                  {isBusy
                    ? "Merging … this may take some seconds"
                    : `Move ${count(preview.data.sets, "set")} to ${isolated(preview.data.into.name)}`}
                </Button>
              </Box>
            </>
          )}
        </>
      )}
    </Box>
  );
}

function Facts({ merge }: { merge: Merge }) {
  const source = `${isolated(merge.source.name)} (${isolated(merge.source.muscle)})`;
  const into = `${isolated(merge.into.name)} (${isolated(merge.into.muscle)})`;
  const shownAgain = isolated(merge.into.name);
  const facts: [number, string, string][] = [
    [merge.sets, `set moves from ${source} to ${into}`, `sets move from ${source} to ${into}`],
    [merge.people, "person recorded them", "people recorded them"],
    [
      merge.records,
      "person has their record of it beaten by a moved set",
      "people have their record of it beaten by a moved set",
    ],
    [
      merge.days_numbered_on,
      "day has sets of both: the moved ones get the numbers after those that are there",
      "days have sets of both: the moved ones get the numbers after those that are there",
    ],
    [merge.notes_moved, "note moves along", "notes move along"],
    [merge.notes_joined, "note is added to the one that is there", "notes are added to the one that is there"],
    [
      merge.notes_left,
      "note is too long for that, and stays with the archived exercise",
      "notes are too long for that, and stay with the archived exercise",
    ],
    [
      merge.shown_again,
      `person has hidden ${shownAgain} and sees it again`,
      `people have hidden ${shownAgain} and see it again`,
    ],
  ];
  return (
    <Box component="ul" sx={{ listStyle: "none", p: 0, m: 0, mb: 2, display: "grid", gap: 0.75 }}>
      {facts
        .filter(([value], place) => value > 0 || place === 0)
        .map(([value, one, many]) => (
          <Box component="li" key={many} sx={{ display: "flex", gap: 1.5, alignItems: "baseline" }}>
            <Box component="strong" sx={{ minWidth: 56, textAlign: "right", fontSize: "1.125rem" }}>
              {number(value)}
            </Box>
            <span>{value === 1 ? one : many}</span>
          </Box>
        ))}
    </Box>
  );
}
