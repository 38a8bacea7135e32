/** Who may see the panel: whoever has a session, be it one that has just ended (they are asked to come back in place). */
import type { AuthProvider } from "ra-core";

import { type Session, SessionOver } from "../api/session";

export function authProvider(session: Session): AuthProvider {
  return {
    login: ({ name, password }: { name: string; password: string }) => session.signIn(name, password),
    logout: () => (session.state().is === "out" ? Promise.resolve() : session.leave()), // else who is back would be sent off
    checkAuth: () => (session.state().is === "out" ? Promise.reject(new SessionOver()) : Promise.resolve()),
    checkError: (error: unknown) => (error instanceof SessionOver ? Promise.reject(error) : Promise.resolve()),
    getIdentity: () => {
      const state = session.state();
      if (state.is === "out") return Promise.reject(new SessionOver());
      const name = state.is === "in" ? state.kept.name : state.name;
      return Promise.resolve({ id: name, fullName: name });
    },
  };
}
