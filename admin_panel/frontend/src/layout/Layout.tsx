import Box from "@mui/material/Box";
import Drawer from "@mui/material/Drawer";
import IconButton from "@mui/material/IconButton";
import { type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router-dom";

import { MenuIcon } from "../components/icons";
import { Link } from "../components/Link";
import { Page } from "../components/Page";
import { Empty, Loading } from "../components/States";
import { PlannedElsewhere } from "../pages/training/Planned";
import { Leaving } from "./Leaving";
import { Brand, Nav } from "./Nav";
import { PageBoundary } from "./PageBoundary";
import { SignInAgain } from "./SignInAgain";

const WIDTH = 232;
// Where the keyboard is, on what is dark in both themes.
const RING = { "& :focus-visible": { outlineColor: "var(--mui-palette-sidebar-active)" } };

/** The house around every page: the way to the others, and the page itself. */
export function Layout({ children }: { children?: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const { pathname, search } = useLocation();
  const former = useRef(pathname);
  useEffect(() => {
    if (former.current === pathname) return;
    former.current = pathname;
    window.scrollTo({ top: 0 });
    document.getElementById("content")?.focus(); // so that a screen reader begins with the new page
  }, [pathname]);
  const close = () => {
    setOpen(false);
  };
  return (
    <Box sx={{ display: "flex", minHeight: "100dvh" }}>
      <Box
        component="a"
        href="#content"
        sx={{
          position: "fixed",
          zIndex: 2000,
          top: -60,
          left: 8,
          p: 1.5,
          borderRadius: 2,
          bgcolor: "sidebar.active",
          color: "#211f1b",
          fontWeight: 600,
          "&:focus": { top: 8 },
        }}
      >
        Skip to the page
      </Box>
      <Box
        sx={{
          display: { xs: "none", md: "flex" },
          flexDirection: "column",
          width: WIDTH,
          flexShrink: 0,
          position: "sticky",
          top: 0,
          height: "100dvh",
          bgcolor: "sidebar.background",
          ...RING,
        }}
      >
        <Nav onGo={close} />
      </Box>
      <Drawer
        open={isOpen}
        onClose={close}
        slotProps={{
          paper: {
            "aria-label": "Menu",
            sx: { width: WIDTH + 20, bgcolor: "sidebar.background", border: 0, ...RING },
          },
        }}
      >
        <Nav onGo={close} />
      </Drawer>
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Box
          component="header"
          sx={{
            display: { xs: "flex", md: "none" },
            alignItems: "center",
            gap: 0.5,
            position: "sticky",
            top: 0,
            zIndex: 10,
            px: 1,
            height: 56,
            bgcolor: "sidebar.background",
            ...RING,
          }}
        >
          <IconButton
            aria-label="Menu"
            aria-expanded={isOpen}
            onClick={() => {
              setOpen(true);
            }}
            sx={{ color: "sidebar.text" }}
          >
            <MenuIcon />
          </IconButton>
          <Brand />
        </Box>
        <Box
          component="main"
          id="content"
          tabIndex={-1}
          sx={{ maxWidth: 1240, mx: "auto", px: { xs: 1.5, sm: 3, lg: 4 }, py: { xs: 2.5, sm: 4 }, outline: "none" }}
        >
          <PageBoundary place={pathname + search}>
            <Suspense fallback={<Loading what="the page" />}>{children}</Suspense>
          </PageBoundary>
        </Box>
      </Box>
      <PlannedElsewhere />
      <Leaving />
      <SignInAgain />
    </Box>
  );
}

export function NothingHere() {
  return (
    <Page title="Not here">
      <Empty title="There is nothing at this address." action={<Link to="/">To the overview</Link>} />
    </Page>
  );
}
