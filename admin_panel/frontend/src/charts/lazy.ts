/** The drawing library comes when a chart is to be seen, not before. */
import { lazy } from "react";

import type LoadedBars from "./Bars";

export const Bars = lazy(() => import("./Bars")) as unknown as typeof LoadedBars; // lazy() forgets what a T was
