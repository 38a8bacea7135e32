"""Time goes on, back, or past midnight, while people train and updates are on their way."""

import time
from datetime import datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from tests.chaos.run import Scene, fault
from tests.chaos.telegram import TAP_LIFE


async def outage(scene: Scene, seconds: float) -> None:
    """Be down for so long by Telegram's clock, and be back."""
    scene.note("down", seconds=seconds)
    began = time.monotonic()
    scene.gym.to_bots.refusing = True
    await scene.gym.bot.kill()
    await scene.breath(1, 2)  # people go on tapping
    await scene.gym.bot.start()
    if (left := seconds - (time.monotonic() - began)) > 0:
        await scene.gym.telegram.forward(left)
    scene.gym.to_bots.heal()
    await scene.progress(len(scene.lifters))
    late = sum(ask.never_arrived for ask in scene.history.asked)
    assert seconds > TAP_LIFE or not late, f"{late} taps were given up in an outage of {seconds:.0f} s"


@fault(1, 2, 7)
async def outage_of_30_s(scene: Scene) -> None:
    """The bot is down for 30 s."""
    await outage(scene, 30)


@fault(1, 2, 7)
async def outage_of_60_s(scene: Scene) -> None:
    """The bot is down for 60 s."""
    await outage(scene, 60)


@fault(1, 2, 7)
async def outage_of_140_s(scene: Scene) -> None:
    """The bot is down for 140 s: every tap still arrives."""
    await outage(scene, 140)


@fault(1, 2, 7)
async def outage_of_160_s(scene: Scene) -> None:
    """The bot is down for 160 s: taps from its beginning never arrive, lines do."""
    await outage(scene, 160)


@fault(1, 2, 7)
async def outage_of_600_s(scene: Scene) -> None:
    """The bot is down for ten minutes: no tap of that time arrives, lines do."""
    await outage(scene, 600)


@fault(1)
async def clock_steps(scene: Scene) -> None:
    """The clock jumps forward and back, by a second to two hours, as a bad time server makes it."""
    await scene.gym.plant(scene.gym.planted or "nothing")
    for _ in range(8):
        ahead = scene.chance.choice([0, 1, -1, 30, -30, 3600, -3600, 7200])
        scene.note("step", ahead=ahead)
        await scene.gym.set_clock(timedelta(seconds=ahead))
        await scene.breath(1, 3)


@fault(1)
async def midnight(scene: Scene) -> None:
    """Midnight and 04:00 pass between the screens and the taps below them."""
    zone = ZoneInfo(scene.gym.env["DEFAULT_TIMEZONE"])
    await scene.gym.plant(scene.gym.planted or "nothing")
    tonight = datetime.now(zone).date()
    night = [(0, 23, 59), (1, 0, 5), (1, 3, 58), (1, 4, 2), (1, 12, 0)]
    for days, hour, minute in night:
        await _at(scene, datetime.combine(tonight + timedelta(days), clock_time(hour, minute), zone))


@fault(1)
async def clocks_go_forward(scene: Scene) -> None:
    """The night in which an hour is missing."""
    await _night(scene, ["2027-03-28T00:30Z", "2027-03-28T00:58Z", "2027-03-28T01:02Z", "2027-03-28T02:30Z"])


@fault(1)
async def clocks_go_back(scene: Scene) -> None:
    """The night in which an hour comes twice."""
    await _night(scene, ["2027-10-30T23:58Z", "2027-10-31T00:30Z", "2027-10-31T01:30Z", "2027-10-31T03:30Z"])


async def _night(scene: Scene, moments: list[str]) -> None:
    await scene.gym.plant(scene.gym.planted or "nothing", DEFAULT_TIMEZONE="Europe/Berlin")
    for moment in moments:
        await _at(scene, datetime.fromisoformat(moment))


async def _at(scene: Scene, moment: datetime) -> None:
    """Let it be that moment, and people train on with the screens that they have."""
    scene.note("moment", is_=moment.isoformat())
    await scene.gym.set_clock(moment - datetime.now(moment.tzinfo))
    await scene.progress(len(scene.lifters))
