import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useLocation } from "react-router-dom";

import { useFocusBack } from "../../components/focus";
import { useDeletions } from "./deletions";
import { titleOf } from "./titles";

/** In the line of a set that is going to be deleted: how long there is to think again. */
export function PlannedRow({ id }: { id: string }) {
  const { planned, undo, now } = useDeletions();
  useFocusBack(`delete-${id}`);
  const found = planned.get(id);
  if (found === undefined) return null;
  const isGoing = found.left === 0;
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1.5, py: 0.25 }}>
      <Box component="span" sx={{ flex: { xs: "1 1 100%", sm: "1 1 200px" }, color: "text.secondary" }}>
        <s>
          <bdi>{titleOf(found.set)}</bdi>
        </s>
        <Fate left={found.left} />
      </Box>
      {!isGoing && (
        <>
          <Button
            size="small"
            variant="contained"
            autoFocus
            onClick={() => {
              undo(id);
            }}
          >
            Undo
          </Button>
          <Button
            size="small"
            color="error"
            onClick={() => {
              now(id);
            }}
          >
            Delete now
          </Button>
        </>
      )}
    </Box>
  );
}

/** What becomes of it; the seconds are for the eye alone, or a screen reader would say each of them. */
function Fate({ left }: { left: number }) {
  return left === 0 ? (
    " is being deleted …"
  ) : (
    <>
      {" will be deleted"}
      <span aria-hidden="true">{` in ${left} s`}</span>.
    </>
  );
}

/** On every other page: what is still going to be deleted. */
export function PlannedElsewhere() {
  const { planned, undo } = useDeletions();
  const { pathname } = useLocation();
  if (pathname === "/training" || planned.size === 0) return null;
  return (
    <Box
      role="status"
      sx={{
        position: "fixed",
        zIndex: 1400,
        top: { xs: 64, md: 16 },
        right: 16,
        left: { xs: 16, sm: "auto" },
        display: "grid",
        gap: 1,
        p: 1.5,
        borderRadius: 1,
        bgcolor: "background.paper",
        border: 1,
        borderColor: "divider",
        boxShadow: 4,
        fontSize: "0.875rem",
      }}
    >
      {[...planned.values()].map(({ set, left }) => (
        <Box key={set.id} sx={{ display: "flex", gap: 1.5, alignItems: "center" }}>
          <span>
            <bdi>{titleOf(set)}</bdi>
            <Fate left={left} />
          </span>
          {left > 0 && (
            <Button
              size="small"
              onClick={() => {
                undo(set.id);
              }}
            >
              Undo
            </Button>
          )}
        </Box>
      ))}
    </Box>
  );
}
