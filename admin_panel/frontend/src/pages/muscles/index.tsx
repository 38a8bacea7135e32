import { useState } from "react";

import type { Api } from "../../api/client";
import type { Muscle } from "../../api/types";
import { listAt } from "../../components/filters";
import { count } from "../../components/format";
import { Link } from "../../components/Link";
import { NameField } from "../../components/NameField";
import type { Column } from "../../components/Rows";
import { useApi } from "../../provider/api";
import { Actions } from "../catalogue/Actions";
import { Catalogue, type FormProps } from "../catalogue/Catalogue";
import { Form } from "../catalogue/Form";
import { type Hanging, trained } from "../catalogue/things";

const COLUMNS: Column<Muscle>[] = [
  { label: "Name", sort: "name", isHead: true, render: (muscle) => <bdi>{muscle.name}</bdi> },
  {
    label: "Exercises",
    isPlain: true,
    width: 150,
    render: (muscle) => (
      <Link to={listAt("/exercises", { muscle_id: muscle.id })}>{count(muscle.exercises, "exercise")}</Link>
    ),
  },
];

export default function Muscles() {
  const api = useApi();
  return (
    <Catalogue<Muscle>
      kind="muscles"
      title="Muscles"
      about="The muscles that everybody chooses from. Those that people add for themselves are not listed here."
      empty="The bot offers them first of all."
      columns={COLUMNS}
      Form={MuscleForm}
      actions={(muscle, onEdit) => (
        <Actions
          kind="muscles"
          thing={muscle}
          archiving={`It and its ${count(muscle.exercises, "exercise")} leave everybody's lists.`}
          hanging={(signal) => hanging(api, muscle.id, signal)}
          onEdit={onEdit}
        />
      )}
    />
  );
}

async function hanging(api: Api, muscle_id: number, signal: AbortSignal): Promise<Hanging> {
  const found = await api.get("/api/v1/muscles/{muscle_id}", { path: { muscle_id }, signal });
  const { exercises: ours, archived_exercises: archived, own_exercises: own } = found;
  const all = ours + archived + own;
  const parts = [
    [ours, "in everybody's lists"],
    [archived, "archived"],
    [own, "that people added for themselves"],
  ] as const;
  const said = parts.filter(([value]) => value > 0).map(([value, which]) => `${value} ${which}`);
  return {
    sentences: [
      trained(found, "its exercises"),
      all === 0
        ? "No exercise is of it."
        : `${count(all, "exercise is", "exercises are")} of it: ${said.join(", ")}.`,
    ],
    isUsed: all > 0,
  };
}

function MuscleForm({ seen, onClose }: FormProps<Muscle>) {
  const api = useApi();
  const [name, setName] = useState(seen?.name ?? "");
  return (
    <Form
      kind="muscles"
      seen={seen}
      name={name}
      fields={[{ label: "Name", of: (muscle) => muscle.name, typed: name }]}
      changed={{ name }}
      isWhole
      onClose={onClose}
    >
      <NameField
        value={name}
        onChange={setName}
        ownId={seen?.id}
        among="muscles"
        find={async (search, signal) =>
          (await api.get("/api/v1/muscles", { query: { search, state: "all", limit: 200 }, signal })).items
        }
        autoFocus
      />
    </Form>
  );
}
