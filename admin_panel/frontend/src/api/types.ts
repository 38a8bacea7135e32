/** The API's things, by the names that the pages use. */
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Muscle = Schemas["MuscleOut"];
export type Exercise = Schemas["ExerciseOut"];
export type Merge = Schemas["MergeOut"];
export type TrainingSet = Schemas["SetOut"];
export type Profile = Schemas["ProfileOut"];
export type Person = Schemas["PersonOut"];
export type Entry = Schemas["EntryOut"];
export type Volume = Schemas["VolumeOut"];
export type Active = Schemas["ActiveOut"];
export type Hour = Schemas["HourOut"];
export type PersonalRecord = Schemas["RecordOut"];
export type OwnExercise = Schemas["OwnExerciseOut"];
