"""The files as a person gets them, and what is said below."""

from app.modules.export.model import Files, Written
from app.modules.menu.callbacks import OpenMenu
from app.modules.screen import Document, Screen, button
from app.modules.texts import label, t


def documents(written: Written, files: Files) -> tuple[Document, ...]:
    """The files, named by the person's own day."""
    day = written.today.isoformat()
    return (
        Document(f"gym-sets-{day}.csv", files.sets, t("export-sets", sets=written.sets)),
        Document(f"gym-exercises-{day}.csv", files.exercises, t("export-exercises", exercises=written.exercises)),
        Document(f"gym-log-{day}.json", files.log, t("export-log")),
    )


def handed_over(written: Written) -> Screen:
    """Say what the files are good for."""
    text = t("export-done") if written.sets or written.exercises else t("export-empty")
    return Screen(text, [[button(label("go-back"), OpenMenu())]], toast=label("export-toast"))
