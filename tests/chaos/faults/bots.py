"""The bot's own processes end, well or badly."""

import signal
import time

from tests.chaos.run import Scene, fault

DRAINED = 0
END_SECONDS = 20.0  # in which work in hand is done


@fault(1, 2, 7)
async def bot_killed(scene: Scene) -> None:
    """Kill -9 of the bot, every 3 to 15 s."""
    for _ in range(4):
        await scene.breath(3, 15)
        scene.note("kill")
        await scene.gym.bot.kill()
        await scene.gym.bot.start()
        await scene.served_again()


@fault(2, 7)
async def bot_terminated(scene: Scene) -> None:
    """SIGTERM and a new start, with updates in hand."""
    for _ in range(3):
        await scene.breath(1, 4)
        scene.note("terminate")
        began = time.monotonic()
        code = await scene.gym.bot.stop(signal.SIGTERM)
        scene.measure("ended", time.monotonic() - began, most=END_SECONDS)
        assert code == DRAINED, f"the bot ended with {code}"
        await scene.gym.bot.start()


@fault(2, 3, 7)
async def rolling_restart(scene: Scene) -> None:
    """A second process starts, and the first one ends, three times; for a while both serve."""
    for _ in range(3):
        scene.note("overlap")
        await scene.gym.add_bot()
        await scene.breath(2, 4)
        code = await scene.gym.remove_bot(scene.gym.bot)
        assert code == DRAINED, f"the bot ended with {code}"
        await scene.breath(1, 2)
