import Box from "@mui/material/Box";
import Paper from "@mui/material/Paper";
import Typography from "@mui/material/Typography";
import { useCheckAuth, useLogin } from "ra-core";
import { useEffect } from "react";
import { useNavigate } from "react-router-dom";

import { LogoIcon } from "../../components/icons";
import { SignInForm } from "./SignInForm";

/** The door; whoever is in already goes through. */
export default function SignIn() {
  const login = useLogin();
  const checkAuth = useCheckAuth();
  const navigate = useNavigate();
  useEffect(() => {
    document.title = "Sign in · Gym bot";
    checkAuth({}, false).then(
      () => navigate("/"),
      () => undefined,
    );
  }, [checkAuth, navigate]);
  return (
    <Box component="main" sx={{ minHeight: "100dvh", display: "grid", placeItems: "center", p: 2 }}>
      <Box sx={{ width: "100%", maxWidth: 380 }}>
        <Box sx={{ display: "flex", alignItems: "center", gap: 1.5, mb: 2.5 }}>
          <Box
            sx={{
              display: "grid",
              placeItems: "center",
              width: 48,
              height: 48,
              borderRadius: 3,
              bgcolor: "sidebar.background",
            }}
          >
            <LogoIcon sx={{ fontSize: 28, color: "sidebar.active" }} />
          </Box>
          <div>
            <Typography variant="h1">Gym bot</Typography>
            <Typography variant="body2" color="textSecondary">
              The admin panel
            </Typography>
          </div>
        </Box>
        <Paper variant="outlined" sx={{ p: 3 }}>
          <SignInForm
            name={null}
            signIn={async (name, password) => {
              await login({ name, password });
            }}
          />
        </Paper>
        <Typography variant="body2" color="textSecondary" sx={{ mt: 2 }}>
          No account? On the server, <code>make admin NAME=ann</code> makes one, or gives it another password.
        </Typography>
      </Box>
    </Box>
  );
}
