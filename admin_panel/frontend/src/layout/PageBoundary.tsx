import Box from "@mui/material/Box";
import { Component, type ReactNode } from "react";
import { useRouteError } from "react-router-dom";

import { Page } from "../components/Page";
import { Failed } from "../components/States";

interface Props {
  /** The address: at another one things may go well. */
  place: string;
  children: ReactNode;
}

interface State {
  place: string;
  broken: { error: unknown } | null;
}

/** A page that breaks, or does not come, says so in its own place; the way to the others stays. */
export class PageBoundary extends Component<Props, State> {
  override state: State = { place: this.props.place, broken: null };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { broken: { error } };
  }

  static getDerivedStateFromProps({ place }: Props, state: State): State | null {
    return place === state.place ? null : { place, broken: null };
  }

  override render() {
    if (this.state.broken === null) return this.props.children;
    return (
      <Page title="Something went wrong">
        <Failed what="This page" error={this.state.broken.error} retry={reload} />
      </Page>
    );
  }
}

/** What breaks around the pages leaves no way to the others; React Router's own words would be for programmers. */
export function Broken() {
  return (
    <Box component="main" sx={{ maxWidth: 640, mx: "auto", p: { xs: 2, sm: 4 } }}>
      <Page title="Something went wrong">
        <Failed what="The panel" error={useRouteError()} retry={reload} />
      </Page>
    </Box>
  );
}

/** What did not come is remembered as missing until everything is loaded anew. */
function reload() {
  location.reload();
}
