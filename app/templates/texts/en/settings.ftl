settings-title = ⚙️ <b>Settings</b>
settings-zone = 🕓 Time zone: <b>{ $city }</b>, where it is { $clock }
settings-zone-default = 🕓 Time zone: <b>{ $city }</b>, where it is { $clock }. Is that your clock? If not, change it here.
settings-zone-unknown = This log cannot keep that zone yet. Choose a neighbour of yours with the same clock.
settings-unit = ⚖️ Weights: in <b>{ $unit }</b>
settings-steps = 🔢 Weight buttons: by <b>{ $step }</b> round your last weight
settings-steps-listed = 🔢 Weight buttons: <b>the usual plates</b>
settings-change-zone = Time zone
settings-listed = Usual
settings-which-region = 🕓 Where do you train? Sets that you have recorded stay on their days.
settings-which-city = 🕓 Which city is nearest to you?
settings-which-near = 🕓 These show that time now. Which is nearest to you?
settings-clock = 🕓 What does your clock show now? Type it: <code>14:35</code>
settings-clock-again = 🕓 No place shows that time now. Type what your clock shows, like <code>14:35</code> or <code>2:35 pm</code>.
settings-by-clock = By my clock
settings-city = { $city } { $clock }
settings-utc = UTC
settings-toast = Settled
settings-toast-unit = Weights are in { $unit } now

erase-title = 🗑 <b>Erase everything?</b>
erase-what = All of this would go: { $sets ->
        [0] {""}
        [one] 1 set,{" "}
       *[other] { $sets } sets,{" "}
    }{ $exercises ->
        [0] {""}
        [one] 1 exercise of your own,{" "}
       *[other] { $exercises } exercises of your own,{" "}
    }{ $muscles ->
        [0] {""}
        [one] 1 muscle of your own,{" "}
       *[other] { $muscles } muscles of your own,{" "}
    }{ $notes ->
        [0] {""}
        [one] 1 note,{" "}
       *[other] { $notes } notes,{" "}
    }your name and your settings. Nobody can bring it back.
erase-how = Type { $word } to erase it all. To keep a copy, send /export first, and /delete_me again after it.
erase-not-yet = Nothing was erased: that was not { $word }.
erase-keep = Keep my log
erase-done = 🗑 Everything of yours is erased. Be well, and train well.
erase-begin-anew = Begin anew

command-settings = Time zone, kg or lb, weight buttons
command-delete_me = Erase everything of mine
