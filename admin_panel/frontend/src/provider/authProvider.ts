/** Who may see the panel: whoever has a session, be it one that has just ended: they come back in place. */
import type { AuthProvider } from "ra-core";

import { type Session, SessionOver } from "../api/session";

export function authProvider(session: Session): AuthProvider {
  const checked = () => (session.name() === null ? Promise.reject(new SessionOver()) : Promise.resolve());
  return {
    login: ({ name, password }: { name: string; password: string }) => session.signIn(name, password),
    logout: () => Promise.resolve(), // only a session that is over leads there; one that has begun meanwhile goes on
    checkAuth: checked,
    checkError: checked,
  };
}
