import { ResourceContextProvider } from "ra-core";

import type { Profile } from "../../api/types";
import { dayOf, moment, nameOf } from "../../components/format";
import { Link } from "../../components/Link";
import { Listing } from "../../components/Listing";
import { Page } from "../../components/Page";
import { type Column, Rows } from "../../components/Rows";
import { Search } from "../../components/Search";
import { Empty } from "../../components/States";
import { List } from "../../provider/List";

const COLUMNS: Column<Profile>[] = [
  {
    label: "Name",
    isHead: true,
    render: (person) => (
      <Link to={`/people/${person.id}`}>
        <bdi>{nameOf(person)}</bdi>
      </Link>
    ),
  },
  {
    label: "Username",
    isPlain: true,
    width: 170,
    render: (person) => (person.username ? <bdi>@{person.username}</bdi> : "none"),
  },
  { label: "ID", isForWide: true, align: "right", width: 130, render: (person) => person.id },
  { label: "Joined", sort: "registered_at", width: 140, render: (person) => dayOf(person.registered_at) },
  { label: "Last seen", width: 180, render: (person) => moment(person.last_seen_at) },
];

export default function People() {
  return (
    <ResourceContextProvider value="people">
      <Page title="People" about="Everybody who has written to the bot.">
        <List of="people" sort={{ field: "registered_at", order: "DESC" }}>
          <Listing<Profile>
            what="people"
            search={<Search label="Search by name, @username or ID" />}
            empty={
              <Empty title="Nobody yet.">Whoever writes to the bot for the first time is here a moment later.</Empty>
            }
          >
            {(people, sorting) => (
              <Rows name="People" rows={people} columns={COLUMNS} keyOf={(person) => person.id} sorting={sorting} />
            )}
          </Listing>
        </List>
      </Page>
    </ResourceContextProvider>
  );
}
