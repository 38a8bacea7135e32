export-sets = { $sets ->
        [0] 📄 No sets yet: the table is still empty.
        [one] 📄 <b>1 set</b>, with its weight in kilos and in pounds.
       *[other] 📄 <b>{ $sets } sets</b>, each weight in kilos and in pounds.
    }
export-exercises = { $exercises ->
        [0] 📄 No exercises of yours yet: the table is still empty.
        [one] 📄 <b>1 exercise</b>, with your record and your note.
       *[other] 📄 <b>{ $exercises } exercises</b>, with your records and notes.
    }
export-log = 💾 <b>Everything of yours</b>, to the last digit: for keeping, or for another program.
export-done = 📦 That is your whole log, and it stays here too. The two tables open in any spreadsheet; the last file holds all of it.
export-empty = 📦 Nothing is recorded yet, so the tables are empty. Your profile and settings are in the last file.
export-toast = Your three files are below

command-export = All of my log as files
