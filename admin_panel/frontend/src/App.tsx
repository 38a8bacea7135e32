import CssBaseline from "@mui/material/CssBaseline";
import { ThemeProvider } from "@mui/material/styles";
import { QueryClient } from "@tanstack/react-query";
import {
  type AuthProvider,
  CoreAdminContext,
  CoreAdminUI,
  CustomRoutes,
  type DataProvider,
  memoryStore,
  Resource,
} from "ra-core";
import { type ComponentType, lazy, useState } from "react";
import { createBrowserRouter, Route, RouterProvider } from "react-router-dom";

import { client } from "./api/client";
import { coming, Refusal } from "./api/refusal";
import { browserSession } from "./api/session";
import { Failed, Loading } from "./components/States";
import { ToastProvider } from "./components/Toasts";
import { Unsaved, UnsavedProvider } from "./components/unsaved";
import { Layout, NothingHere } from "./layout/Layout";
import { Broken } from "./layout/PageBoundary";
import SignIn from "./pages/signin";
import { DeletionsProvider } from "./pages/training/deletions";
import { ApiProvider } from "./provider/api";
import { authProvider } from "./provider/authProvider";
import { dataProvider } from "./provider/dataProvider";
import { theme } from "./theme/theme";

const Overview = page(() => import("./pages/overview"));
const Muscles = page(() => import("./pages/muscles"));
const Exercises = page(() => import("./pages/exercises"));
const MergePage = page(() => import("./pages/exercises/Merge"));
const Training = page(() => import("./pages/training"));
const People = page(() => import("./pages/people"));
const PersonPage = page(() => import("./pages/people/Person"));
const Audit = page(() => import("./pages/audit"));
const Account = page(() => import("./pages/account"));

/** A page that is fetched when it is wanted. */
function page(load: () => Promise<{ default: ComponentType }>) {
  return lazy(() => coming(load()));
}

function house() {
  const session = browserSession();
  const api = client(session);
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        // Asked without a network too, so that it fails with a sentence; and anew when there is one again.
        networkMode: "always",
        refetchOnReconnect: true,
        // A refusal stays one; what broke on the way is tried once more.
        retry: (failures, error) =>
          failures < 1 &&
          error instanceof Refusal &&
          (error.code === "offline" || [502, 503, 504].includes(error.status)),
      },
    },
  });
  const data = dataProvider(api, sessionStorage) as DataProvider;
  const rooms = <Rooms auth={authProvider(session)} data={data} queries={queries} />;
  // This kind of router can be asked to wait while somebody thinks about leaving (layout/Leaving.tsx).
  const router = createBrowserRouter([{ path: "*", element: rooms, errorElement: <Broken /> }]);
  return { api, unsaved: new Unsaved(), router };
}

export function App() {
  const [{ router, unsaved, api }] = useState(house);
  return (
    <ThemeProvider theme={theme} defaultMode="system" noSsr>
      <CssBaseline />
      <ApiProvider value={api}>
        <UnsavedProvider value={unsaved}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </UnsavedProvider>
      </ApiProvider>
    </ThemeProvider>
  );
}

interface RoomsProps {
  auth: AuthProvider;
  data: DataProvider;
  queries: QueryClient;
}

/** Every page, under its address. */
function Rooms({ auth, data, queries }: RoomsProps) {
  const [store] = useState(memoryStore);
  return (
    <CoreAdminContext authProvider={auth} dataProvider={data} queryClient={queries} store={store}>
      <DeletionsProvider>
        <CoreAdminUI
          title="Gym bot"
          layout={Layout}
          loginPage={SignIn}
          dashboard={Overview}
          catchAll={NothingHere}
          loading={() => <Loading what="the panel" />}
          error={({ error }) => <Failed what="The panel" error={error} />}
          requireAuth
          disableTelemetry
        >
          <Resource name="muscles" list={Muscles} />
          <Resource name="exercises" list={Exercises} />
          <Resource name="training" list={Training} />
          <Resource name="people" list={People} />
          <Resource name="audit" list={Audit} />
          <CustomRoutes>
            <Route path="/exercises/:id/merge" element={<MergePage />} />
            <Route path="/people/:id" element={<PersonPage />} />
            <Route path="/account" element={<Account />} />
          </CustomRoutes>
        </CoreAdminUI>
      </DeletionsProvider>
    </CoreAdminContext>
  );
}
