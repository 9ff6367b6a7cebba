"""What can be wrong in a workflow file: the example's text damaged, the line at which it is refused, and why."""

from __future__ import annotations

REPEATED = "  - {do: close, from: window, to: done, by: [clock]}\n"
SENDS = (
    "  - {do: send, from: draft, to: agreeing, by: [officer], when: [complete], tell: {to_agree: [authority_key]}}\n"
)
STOPS = "  - {do: stop, from: any, to: stopped, by: [officer], when: [both_agree], reason: true}\n"

WRONG = {
    # Shape
    "a key that nobody knows": (
        "edition: 1", "edtion: 1", 2,
        "edtion is no key that is known here; did you mean edition?",
    ),
    "a key of a move misspelt": (
        "{do: edit, from: draft", "{do: edit, form: draft", 35,
        "form is no key that is known here; did you mean from?",
    ),
    "a key unlike any other": (
        "    title: Window", "    title: Window\n    zzz: 1", 28,
        "zzz is no key that is known here",
    ),
    "a key that only the loader writes": (
        "    title: Window", "    title: Window\n    line: 1", 28,
        "line is no key that is known here",
    ),
    "a name inside a state": (
        "    title: Window", "    title: Window\n    name: other", 28,
        "name is no key that is known here",
    ),
    "a text at the top": ("edition: 1", "edition: 1\ntext: more", 3, "text is no key that is known here"),
    "no edition": ("edition: 1\n", "", 1, "edition is missing"),
    "an edition in quotes": ("edition: 1", 'edition: "1"', 2, "edition must be a whole number"),
    "an edition of nought": ("edition: 1", "edition: 0", 2, "edition is too small"),
    "a kind of record that there is none of": (
        "about: review", "about: revue", 3,
        "about must be 'review', 'certificate', 'action', 'appeal' or 'nomination', not revue",
    ),
    "a word with a capital": (
        "  window:\n", "  Window:\n", 26,
        "Window: Window is no plain word (small letters, digits and _)",
    ),
    "a state called any": (
        "  window:\n", "  any:\n", 26,
        "any is no name for a state: it means every state that is not final",
    ),
    "a state that says nothing": ("  window:\n    title: Window\n", "  window:\n", 26, "window must be a mapping"),
    "a state without title": ("    title: Window\n", "    final: false\n", 26, "title is missing"),
    "an empty title": ("    title: Window\n", '    title: " "\n', 27, "title must not be empty"),
    "a truth in words": (
        "    title: Done\n    final: true", "    title: Done\n    final: 1", 30,
        "final must be true or false",
    ),
    "a part that is no list": ("    waits_for: [officer]", "    waits_for: officer", 14, "waits_for must be a list"),
    "a title that is a number": ("    title: Window", "    title: 7", 27, "title must be text"),
    "numbers that are no mapping": ("numbers:\n  COI-10: 5\n", "numbers: [5]\n", 8, "numbers must be a mapping"),
    "a number that is none": ("  COI-10: 5", "  COI-10: five", 9, "COI-10 must be a whole number"),
    "a number under no rule id": (
        "  COI-10: 5", "  coi: 5", 9,
        "coi: coi is no plain word (small letters, digits and _)",
    ),
    "a move by nobody": ("by: [officer], quiet: true", "by: [], quiet: true", 35, "by must not be empty"),
    "a part twice": ("by: [officer], quiet: true", "by: [officer, officer], quiet: true", 35, "officer is given twice"),
    "a letter to nobody": ("to_agree: [authority_key]", "to_agree: []", 36, "to_agree must not be empty"),
    "any beside another state": ("from: any, to", "from: [any, done], to", 41, "any stands alone in from"),
    "a quiet move that leads somewhere": (
        "by: [officer], quiet: true", "to: done, by: [officer], quiet: true", 35,
        "a quiet move writes no journal line, so it may not have to",
    ),
    "a quiet move that asks for a reason": (
        "by: [officer], quiet: true", "by: [officer], quiet: true, reason: true", 35,
        "a quiet move writes no journal line, so it may not have tell or reason",
    ),
    "a deadline in two units": (
        "{weeks: -2, after: visit_starts}", "{weeks: 1, days: 1}", 22,
        "due needs exactly one of working_days, days, weeks, months",
    ),
    "a deadline in no unit": (
        "{weeks: -2, after: visit_starts}", "{after: visit_starts}", 22,
        "due needs exactly one of working_days, days, weeks, months",
    ),
    "half a day": ("{weeks: -2, after", "{weeks: 0.5, after", 22, "weeks must be a whole number"),
    "a ladder that goes down": ("remind: [-2, 0, 3]", "remind: [0, -2]", 16, "remind must go up, each number once"),
    "more leaders than seats": ("lead: 1", "lead: 3", 6, "lead is more than the seats"),
    "an origin of no seat": ("from: {peer: unit}", "from: {pier: unit}", 6, "from names pier, which is no seat"),
    "an origin that is none": (
        "from: {peer: unit}", "from: {peer: moon}", 6,
        "peer must be 'unit', 'council', 'company' or 'anyone', not moon",
    ),
    # Names
    "a guard misspelt": (
        "when: [complete]", "when: [compleat]", 36,
        "guard compleat is not known; did you mean complete?",
    ),
    "a guard like no other": ("when: [complete]", "when: [zzz]", 36, "guard zzz is not known"),
    "a dotted guard": (
        "when: [complete]", "when: [os.system]", 36, "guard os.system is a dotted name, and nothing is ever imported",
    ),
    "a dotted act": ("{do: edit,", "{do: os.abort,", 35, "act os.abort is a dotted name, and nothing is ever imported"),
    "an act misspelt": ("{do: edit,", "{do: edits,", 35, "act edits is not known; did you mean edit?"),
    "a part misspelt": (
        "waits_for: [officer]", "waits_for: [oficer]", 14,
        "part oficer is not known; did you mean officer?",
    ),
    "a key of a party that there is none of": (
        "when: [both_agree], reason", "when: [both_agree], tell: {hurry: [council_key]}, reason", 41,
        "part council_key is not known",
    ),
    "a letter misspelt": ("letter: hurry", "letter: hury", 24, "letter hury is not known; did you mean hurry?"),
    "a letter told misspelt": ("{to_agree:", "{to_agre:", 36, "letter to_agre is not known; did you mean to_agree?"),
    "a date misspelt": (
        "after: visit_starts", "after: visit_start", 22,
        "date visit_start is not known; did you mean visit_starts?",
    ),
    "a first state that is none": (
        "starts: draft", "starts: drafts", 4,
        "state drafts is not known; did you mean draft?",
    ),
    "a state left that is none": (
        "from: window", "from: windows", 40,
        "state windows is not known; did you mean window?",
    ),
    "a state reached that is none": (
        "from: window, to: done", "from: window, to: dome", 40,
        "state dome is not known; did you mean done?",
    ),
    "a promise of an unknown state": (
        "reaching: done", "reaching: dune", 43,
        "state dune is not known; did you mean done?",
    ),
    "a promise at an unknown state": ("act: close, at: window", "act: close, at: door", 46, "state door is not known"),
    "a promise of an unknown act": (
        "act: close, at", "act: clothe, at", 46,
        "act clothe is not known; did you mean close?",
    ),
    "a promise of an unknown guard": (
        "at: agreeing, when: both_turned", "at: agreeing, when: both_tuned", 45,
        "guard both_tuned is not known; did you mean both_turned?",
    ),
    # Timers
    "two timers with one name": (
        "remind: [-2, 0, 3]}\n", "remind: [-2, 0, 3]}\n      - {name: send, due: {days: 1}}\n", 17,
        "draft has two timers with the name send",
    ),
    "a number that is used but missing": (
        "working_days: COI-10", "working_days: COI-11", 16,
        "numbers gives none for COI-11; did you mean COI-10?",
    ),
    "a timer that reminds nobody": (
        "    title: Window\n", "    title: Window\n    timers:\n      - {due: {days: 1}, remind: [0]}\n", 29,
        "the timer due of window reminds nobody",
    ),
    # The graph
    "a state in reach of nothing": (
        "  done:\n", "  lost:\n    title: Lost\n    final: true\n  done:\n", 28,
        "lost is in reach of no path from draft",
    ),
    "a way out of a final state": (
        REPEATED, REPEATED + "  - {do: send, from: done, to: draft, by: [officer]}\n", 41,
        "send leaves done, which is final",
    ),
    "a final state that waits": (
        "    title: Done\n", "    title: Done\n    waits_for: [officer]\n", 28,
        "done is final, so it may wait for nobody and have no timer",
    ),
    "a state that nobody can leave": (
        "to: done, by: [clock]}\n  - {do: stop, from: any,",
        "by: [clock]}\n  - {do: stop, from: [draft, agreeing],", 26,
        "nobody can leave window, and it is not final",
    ),
    "a state that waits for nobody": (
        "from: window, to: done, by: [clock]", "from: window, to: done, by: [officer]", 26,
        "window waits for nobody, and no move of the clock leaves it",
    ),
    "a state that waits for the wrong one": (
        "waits_for: [officer]", "waits_for: [commissioner_principal]", 11,
        "draft waits for commissioner_principal, who may do nothing there",
    ),
    "a move after one without guards": (
        REPEATED, REPEATED + REPEATED.replace("done", "draft"), 41,
        "close is never reached: the move in line 40 always wins",
    ),
    "a move after one with fewer guards": (
        SENDS, SENDS + SENDS.replace("[complete]", "[complete, solvent]"), 37,
        "send is never reached: the move in line 36 always wins",
    ),
    "a move after one from any state": (
        STOPS, STOPS + STOPS.replace("from: any", "from: window"), 42,
        "stop is never reached: the move in line 41 always wins",
    ),
    # Promises
    "a promise that some path breaks": (
        "when: [both_turned, solvent]", "when: [solvent]", 45, "no move is turn_key at agreeing with both_turned",
    ),
    "a promise that a second way breaks": (
        REPEATED, REPEATED + "  - {do: close, from: agreeing, to: done, by: [clock], when: [solvent]}\n", 46,
        "done can be reached without turn_key at agreeing with both_turned: send, close",
    ),
    "a promise that is broken at any state": (
        REPEATED, REPEATED + "  - {do: edit, from: window, to: stopped, by: [officer]}\n", 50,
        "stopped can be reached without stop at any with both_agree: send, turn_key, edit",
    ),
    "a promise about the first state": (
        "reaching: done", "reaching: draft", 45,
        "draft can be reached without turn_key at agreeing with both_turned: at once",
    ),
    # Not even YAML, or more of it than is needed
    "no YAML": ("edition: 1", "edition: [1", 3, "expected ',' or ']', but got ':'"),
    "a key twice": ("edition: 1", "edition: 1\nedition: 2", 3, "edition is given twice"),
}  # fmt: skip
