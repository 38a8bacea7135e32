# Words that every room uses.
go-back = ⬅️ Go back

error-internal = Something broke on our side. 🔧
    Nothing you saved is lost, and we kept a note of what happened. Carry on from the menu.
error-unavailable = I can't reach my notebook right now. Your message waits and is tried again by itself.
error-not-written = I have no room to write your files just now. Nothing of yours is lost; try again in an hour.
error-refused = That can't be done. Nothing was changed.

old-button = That button is from an older menu. Nothing was changed; here is a fresh one.
old-button-toast = That button is from an older menu
not-text = I can only read words, so that one passed me by. Tap a button, or type /help.
not-read = That came in a form I cannot read yet. Nothing was changed. Try it another way, or /help.
lost-place = I lost my place; nothing saved is gone.
not-understood = I didn't catch that, and nothing was changed. Tap a button, or type /help.
not-understood-numbers = I didn't catch that, and nothing was changed. A set looks like <code>60x8</code>, with a name <code>bench press 60x8</code>; /help has more.
edited-message = I read a message once, when it arrives, so an edit changes nothing here. Send it again as a new message.
private-only = A gym log is a private thing. Write to me alone, and we can start. 🙂
