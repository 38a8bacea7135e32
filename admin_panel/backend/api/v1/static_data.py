"""What the buttons of a recording offer."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from admin_panel.backend.deps import Anyone
from admin_panel.backend.errors import answers
from app.templates.exercise import MOST_REPS, MOST_SETS, MOST_WEIGHT, POUNDS, REPS, SETS, STEPS, WEIGHTS
from app.utils.units import Unit, step_in

router = APIRouter(tags=["One person"], responses=answers(401))


class StaticOut(BaseModel):
    """The options of sets, weights and reps; what is typed may lie between them, up to the limits."""

    sets: list[int] = Field(description="One more is offered each time the last is taken, up to most_sets.")
    weights: list[float] = Field(description="Kilos.")
    weights_lb: list[float] = Field(description="Pounds, for who counts in them.")
    steps: list[float] = Field(description="Of the buttons round the last weight; kilos.")
    steps_lb: list[float] = Field(description="The same in pounds.")
    reps: list[int]
    most_sets: int = Field(description="Of one exercise a day.", examples=[MOST_SETS])
    most_weight: float = Field(description="Kilos.", examples=[float(MOST_WEIGHT)])
    most_reps: int = Field(examples=[MOST_REPS])


@router.get("/static-data", dependencies=[Anyone])
async def static_data() -> StaticOut:
    """Read the options of sets, weights and reps."""
    return StaticOut(
        sets=list(SETS),
        weights=[float(weight) for weight in WEIGHTS],
        weights_lb=[float(weight) for weight in POUNDS],
        steps=[float(step) for step in STEPS],
        steps_lb=[float(step_in(Unit.LB, step)) for step in STEPS],
        reps=list(REPS),
        most_sets=MOST_SETS,
        most_weight=float(MOST_WEIGHT),
        most_reps=MOST_REPS,
    )
