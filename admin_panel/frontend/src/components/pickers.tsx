/** The three things that lists are narrowed by. */
import { useApi } from "../provider/api";
import { nameOf } from "./format";
import { withPresent } from "./kept";
import { type Option, Picker } from "./Picker";

interface Props {
  label?: string;
  value: number | null;
  onChange: (chosen: Option | null) => void;
  isWide?: boolean;
}

interface MuscleProps extends Props {
  state?: "all" | "active";
  /** What may stay what it is, also when it is archived. */
  present?: Option | undefined;
}

export function MusclePicker({ label = "Muscle", state = "all", present, ...props }: MuscleProps) {
  const api = useApi();
  return (
    <Picker
      {...props}
      label={label}
      among={`muscles ${state} ${present?.id ?? ""}`}
      find={async (search, signal) =>
        withPresent(
          (await api.get("/api/v1/muscles", { query: { search, state, limit: 50 }, signal })).items.map(
            ({ id, name, archived_at }) => ({ id, label: name, ...(archived_at ? { note: "archived" } : {}) }),
          ),
          present,
          search,
        )
      }
      one={async (muscle_id, signal) => {
        const muscle = await api.get("/api/v1/muscles/{muscle_id}", { path: { muscle_id }, signal });
        return { id: muscle.id, label: muscle.name };
      }}
    />
  );
}

interface ExerciseProps extends Props {
  state?: "all" | "active";
  /** Is not offered. */
  except?: number;
}

export function ExercisePicker({ label = "Exercise", state = "all", except, ...props }: ExerciseProps) {
  const api = useApi();
  return (
    <Picker
      {...props}
      label={label}
      among={`exercises ${state} ${except ?? ""}`}
      find={async (search, signal) =>
        (await api.get("/api/v1/exercises", { query: { search, state, limit: 50 }, signal })).items
          .filter(({ id }) => id !== except)
          .map((exercise) => ({
            id: exercise.id,
            label: exercise.name,
            note: exercise.archived_at ? `${exercise.muscle}, archived` : exercise.muscle,
          }))
      }
      one={async (exercise_id, signal) => {
        const exercise = await api.get("/api/v1/exercises/{exercise_id}", { path: { exercise_id }, signal });
        return { id: exercise.id, label: exercise.name };
      }}
    />
  );
}

export function PersonPicker({ label = "Person", ...props }: Props) {
  const api = useApi();
  return (
    <Picker
      {...props}
      label={label}
      among="people"
      find={async (search, signal) =>
        (await api.get("/api/v1/users", { query: { search, limit: 30 }, signal })).items.map((person) => ({
          id: person.id,
          label: nameOf(person),
          note: person.username ? `@${person.username}` : String(person.id),
        }))
      }
      one={async (user_id, signal) => {
        const person = await api.get("/api/v1/users/{user_id}", { path: { user_id }, signal });
        return { id: person.id, label: nameOf(person) };
      }}
    />
  );
}
