catalog-edit = ✏️ <b>Your muscles and exercises</b>
    Add what you train, and clear away what you don't. Whatever you recorded stays.

catalog-ask-muscle = 💪 What is the new muscle called? Type its name, up to { $limit } characters.
catalog-muscle-added = ✅ <b>{ $name }</b> is added.

    Now its first exercise: type the name, up to { $limit } characters.
catalog-places = 💪 Which muscle is the new exercise for?
catalog-ask-exercise = 💪 <b>{ $muscle }</b>: what is the new exercise called? Type its name, up to { $limit } characters.
catalog-exercise-added = ✅ <b>{ $name }</b> is added to { $muscle }.
catalog-rename = ✏️ Which one gets another name?
catalog-ask-name = ✏️ What shall <b>{ $name }</b> be called from now on? Type the name, up to { $limit } characters.
catalog-renamed = ✅ From now on it is called <b>{ $name }</b>.
catalog-delete = 🗑 Which one do you want to delete?
catalog-ask-delete = 🗑 Delete <b>{ $name }</b> ({ $muscle })?
    It leaves your lists. What you recorded with it stays in your history.
catalog-ask-delete-muscle = 🗑 Delete <b>{ $name }</b>{ $exercises ->
        [0] {""}
        [one] {" "}and its exercise
       *[other] {" "}and its { $exercises } exercises
    }?
    { $exercises ->
        [0] It leaves your lists.
       *[other] They leave your lists.
    } What you recorded stays in your history.
catalog-deleted = 🗑 <b>{ $name }</b> is deleted. What you recorded stays in your history.
catalog-changed = <b>{ $name }</b> has changed since I asked, so nothing was deleted yet.
catalog-hide = 🙈 Where do you want to hide something?
catalog-hide-in = 🙈 <b>{ $muscle }</b>
    Tap what you never do. You can bring it back any time.
catalog-hide-in-none = 🙈 <b>{ $muscle }</b>
    All its exercises are hidden already.
catalog-hidden = 🙈 <b>{ $name }</b> is hidden. What you recorded stays.
catalog-show = 👀 Which one do you want to see again?
catalog-shown = 👀 <b>{ $name }</b> is back in your lists.
catalog-shown-not-yet = 👀 <b>{ $name }</b> is hidden no more, but all of { $muscle } still is.

catalog-none-to-add-to = Every muscle is hidden, so there is none to add an exercise to. Add one of your own, or show one again.
catalog-none-to-rename = Only what you added yourself can be renamed, and that is nothing yet. Add something first.
catalog-none-to-delete = Only what you added yourself can be deleted, and that is nothing yet. What everybody has can be hidden.
catalog-none-to-hide = There is nothing left to hide: every muscle that everybody has is hidden already. What you added yourself can be deleted.
catalog-none-hidden = Nothing is hidden: you see everything there is.
catalog-full-muscles = You have { $limit } muscles of your own, and that is as many as I can keep. Delete one, and there is room for another.
catalog-full-exercises = You have { $limit } exercises of your own, and that is as many as I can keep. Delete one, and there is room for another.
catalog-gone = That one is not in your list, so nothing was changed.
catalog-gone-muscle = That muscle is not in your lists, so nothing was changed.

catalog-there = You already have it: <b>{ $name }</b>.
catalog-there-hidden = You already have it, but it is hidden: <b>{ $name }</b>.
catalog-same = It is called <b>{ $name }</b> already.
catalog-name-empty = I need at least one letter.
catalog-name-long = That name has { $count } characters, and I can keep { $limit }. Shorten it a little and send it again.
catalog-name-unreadable = There is a character in that name that cannot be seen. Type it once more with letters, digits, signs or emoji.

catalog-add-muscle = Add muscle
catalog-add-exercise = Add exercise
catalog-rename-button = Rename
catalog-delete-button = Delete
catalog-keep-button = Keep
catalog-hide-button = Hide
catalog-show-button = Show again
catalog-show-one = Show again: { $name }
catalog-record-now = Record it now
catalog-another-name = Rename another
catalog-another-muscle = Add another muscle
catalog-another-exercise = Add another to { $muscle }
catalog-hide-all = 🙈 Hide all of { $muscle }
catalog-muscle = 💪 { $name }
catalog-exercise-of = { $name } ({ $muscle })

catalog-toast-none-to-add-to = Every muscle is hidden
catalog-toast-none-to-rename = Nothing of your own to rename yet
catalog-toast-none-to-delete = Nothing of your own to delete yet
catalog-toast-none-to-hide = Nothing left to hide
catalog-toast-none-hidden = Nothing is hidden
catalog-toast-full-muscles = { $limit } muscles are as many as I can keep
catalog-toast-full-exercises = { $limit } exercises are as many as I can keep
catalog-toast-deleted = Deleted: { $name }
catalog-toast-hidden = Hidden: { $name }
catalog-toast-shown = Back in your lists: { $name }

command-edit = Change muscles and exercises
