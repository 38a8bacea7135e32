import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "react-router-dom";

import type { OwnExercise, PersonalRecord } from "../../api/types";
import { TonnageBars } from "../../charts/lazy";
import { listAt } from "../../components/filters";
import { count, day, dayOf, moment, nameOf, number, tonnage, weight } from "../../components/format";
import { TrainingIcon } from "../../components/icons";
import { Link } from "../../components/Link";
import { Page } from "../../components/Page";
import { Panel } from "../../components/Panel";
import { PeriodSwitch, usePeriod } from "../../components/Period";
import { type Column, Rows } from "../../components/Rows";
import { Section } from "../../components/Section";
import { Empty, Failed, Loading } from "../../components/States";
import { Tiles } from "../../components/Tiles";
import { useApi } from "../../provider/api";

export default function PersonPage() {
  const id = Number(useParams().id);
  const api = useApi();
  const navigate = useNavigate();
  const [period, setPeriod] = usePeriod();
  const path = { user_id: id };
  const person = useQuery({
    queryKey: ["people", "one", id],
    queryFn: ({ signal }) => api.get("/api/v1/users/{user_id}", { path, signal }),
  });
  const volume = useQuery({
    queryKey: ["people", "volume", id, period.from, period.to],
    queryFn: ({ signal }) =>
      api.get("/api/v1/users/{user_id}/volume", { path, query: { from: period.from, to: period.to }, signal }),
    placeholderData: keepPreviousData,
    enabled: person.isSuccess,
  });
  const records = useQuery({
    queryKey: ["people", "records", id],
    queryFn: ({ signal }) => api.get("/api/v1/users/{user_id}/records", { path, signal }),
    enabled: person.isSuccess,
  });
  const own = useQuery({
    queryKey: ["people", "own", id],
    queryFn: ({ signal }) => api.get("/api/v1/users/{user_id}/exercises", { path, signal }),
    enabled: person.isSuccess,
  });
  if (person.data === undefined) {
    return (
      <Page title="Person" about={<Link to="/people">Back to all people</Link>}>
        {person.isPending ? (
          <Loading what="the person" />
        ) : (
          <Failed what="This person" error={person.error} retry={() => void person.refetch()} />
        )}
      </Page>
    );
  }
  const who = person.data;
  const recordColumns: Column<PersonalRecord>[] = [
    {
      label: "Exercise",
      isHead: true,
      render: (best) => (
        <Link to={listAt("/training", { user_id: id, exercise_id: best.exercise_id })}>
          <bdi>{best.exercise}</bdi>
        </Link>
      ),
    },
    { label: "Muscle", isPlain: true, render: (best) => <bdi>{best.muscle}</bdi> },
    {
      label: "Record",
      align: "right",
      isPlain: true,
      render: (best) => <strong>{`${weight(best.weight)} × ${number(best.reps)}`}</strong>,
    },
    { label: "Set on", render: (best) => day(best.day) },
    { label: "Days", align: "right", render: (best) => number(best.days) },
    { label: "Last", render: (best) => day(best.last_day) },
  ];
  const ownColumns: Column<OwnExercise>[] = [
    { label: "Exercise", isHead: true, render: (exercise) => <bdi>{exercise.name}</bdi> },
    { label: "Muscle", isPlain: true, render: (exercise) => <bdi>{exercise.muscle}</bdi> },
    { label: "Days", align: "right", render: (exercise) => number(exercise.days) },
    {
      label: "State",
      isPlain: true,
      render: ({ deleted_at }) => (deleted_at ? `Deleted ${dayOf(deleted_at)}, its history stays` : "In use"),
    },
  ];
  return (
    <Page
      title={nameOf(who)}
      about={
        <>
          {who.username ? <bdi>@{who.username} · </bdi> : ""}
          {[
            `ID ${who.id}`,
            `joined ${dayOf(who.registered_at)}`,
            `last seen ${moment(who.last_seen_at)}`,
            who.timezone,
            `sees ${who.unit}`,
          ].join(" · ")}
        </>
      }
      actions={
        <Button
          variant="outlined"
          startIcon={<TrainingIcon />}
          onClick={() => void navigate(listAt("/training", { user_id: id }))}
        >
          All their sets
        </Button>
      }
    >
      <Tiles
        name="In numbers"
        facts={[
          { label: "Days trained", value: number(who.days) },
          { label: "Sets", value: number(who.sets) },
          { label: "Lifted in all", value: tonnage(who.tonnage) },
          { label: "Records", value: number(who.records), note: count(who.own_exercises, "own exercise") },
          {
            label: "Last trained",
            value: who.last_day === null ? "never" : day(who.last_day),
            ...(who.first_day === null ? {} : { note: `first ${day(who.first_day)}` }),
          },
        ]}
      />
      <Box sx={{ display: "grid", gap: 2 }}>
        <Panel
          title="Volume"
          query={volume}
          isEmpty={({ items }) => items.every((each) => each.sets === 0)}
          empty="They did not train in these days."
          actions={<PeriodSwitch days={period.days} onChange={setPeriod} />}
          summary={({ items }) =>
            `${count(items.filter((each) => each.sets > 0).length, "day")} trained, ` +
            `${tonnage(items.reduce((sum, each) => sum + each.tonnage, 0))} lifted.`
          }
          chart={({ items }) => <TonnageBars name="Volume" points={items} />}
          table={({ items }) => ({
            head: ["Day", "Tonnage", "Sets"],
            rows: items
              .filter((each) => each.sets > 0)
              .reverse()
              .map((each) => [day(each.day), tonnage(each.tonnage), number(each.sets)]),
          })}
        />
        <Section
          title="Records"
          query={records}
          empty={<Empty title="No records yet.">The first set of an exercise makes one.</Empty>}
        >
          {(found) => <Rows name="Records" rows={found} columns={recordColumns} keyOf={(best) => best.exercise_id} />}
        </Section>
        <Section title="Own exercises" query={own} empty={<Empty title="They have added no exercises." />}>
          {(found) => <Rows name="Own exercises" rows={found} columns={ownColumns} keyOf={(exercise) => exercise.id} />}
        </Section>
      </Box>
    </Page>
  );
}
