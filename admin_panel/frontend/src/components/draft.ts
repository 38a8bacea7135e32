import { useEffect, useEffectEvent, useState } from "react";
import { useLocation } from "react-router-dom";

import { useFilter } from "./filters";

interface State {
  text: string;
  /** It can be looked for; a day of which only the month is typed cannot. */
  isWhole: boolean;
  /** The filter when it was looked at last. */
  former: string;
  /** What this field asked for and has not seen in the address yet. */
  sent: readonly string[];
}

export interface Draft {
  text: string;
  isWhole: boolean;
  type: (text: string, isWhole?: boolean) => void;
  /** The field is left: what is not whole was nothing. */
  leave: () => void;
}

/**
 * What is typed into a filter's field. It stays as it is typed; the list follows after a pause (in milliseconds), and
 * the field follows the filter only when something else has changed that: "show everything", the way back.
 */
export function useDraft(field: string, pause: number): Draft {
  const [present, setFilter] = useFilter(field);
  const { pathname } = useLocation();
  const shown = present ?? "";
  const [draft, setDraft] = useState<State>({ text: shown, isWhole: true, former: shown, sent: [] });
  const { text, isWhole, former, sent } = draft;
  const isTyping = text.trim() !== (sent.at(-1) ?? former); // what was typed since is not taken away
  if (shown !== former) {
    const own = sent.indexOf(shown);
    setDraft(
      own < 0
        ? { ...(isTyping ? { text, isWhole } : { text: shown, isWhole: true }), former: shown, sent: [] }
        : { ...draft, former: shown, sent: sent.slice(own + 1) },
    );
  }
  const wanted = text.trim();
  const look = useEffectEvent(() => {
    const isUnderway = window.location.pathname !== pathname; // to another page, which may take a moment to load
    if (!isWhole || isUnderway || wanted === (sent.at(-1) ?? shown)) return;
    setDraft({ ...draft, sent: [...sent, wanted] });
    setFilter(wanted);
  });
  useEffect(() => {
    const timer = setTimeout(() => {
      look();
    }, pause);
    return () => {
      clearTimeout(timer);
    };
  }, [text, isWhole, pause]);
  return {
    text,
    isWhole,
    type: (typed, isTypedWhole = true) => {
      setDraft({ ...draft, text: typed, isWhole: isTypedWhole });
    },
    leave: () => {
      if (!isWhole) setDraft({ ...draft, text: shown, isWhole: true });
    },
  };
}
