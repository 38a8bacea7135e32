"""The routes, a file a feature; a new one is one line here."""

from fastapi import APIRouter

from admin_panel.backend.api.v1 import analytics, audit, auth, exercises, muscles, static_data, training, user, users
from admin_panel.backend.errors import answers

# What every route may answer.
router = APIRouter(prefix="/api/v1", responses=answers(400, 413, 415, 422, 503))
router.include_router(auth.router)
router.include_router(muscles.router)
router.include_router(exercises.router)
router.include_router(training.router)
router.include_router(users.router)
router.include_router(analytics.router)
router.include_router(static_data.router)
router.include_router(user.router)
router.include_router(audit.router)
