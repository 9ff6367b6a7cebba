"""A small workflow with two keys, a return, a window of the clock and a cancellation; and how to damage its text."""

from __future__ import annotations

from metstandard.workflow.definition import Workflow
from metstandard.workflow.load import Vocabulary, load_text

TEXT = """\
workflow: example
edition: 1
about: review
starts: draft
parties: [authority, commissioner]
panel: {seats: [peer, private], lead: 1, from: {peer: unit}}
moderators: [independent]
numbers:
  COI-10: 5
states:
  draft:
    title: Draft
    unit_title: A review is planned
    waits_for: [officer]
    timers:
      - {name: send, due: {working_days: COI-10}, remind: [-2, 0, 3]}
  agreeing:
    title: Being agreed
    waits_for: [authority_key, commissioner_key]
    timers:
      - name: agree
        due: {weeks: -2, after: visit_starts}
        remind: [0]
        letter: hurry
        to: [officer, commissioner_principal]
  window:
    title: Window
  done:
    title: Done
    final: true
  stopped:
    title: Stopped
    final: true
moves:
  - {do: edit, from: draft, by: [officer], quiet: true}
  - {do: send, from: draft, to: agreeing, by: [officer], when: [complete], tell: {to_agree: [authority_key]}}
  - {do: turn_key, from: agreeing, to: window, by: [authority_key, commissioner_key], when: [both_turned, solvent]}
  - {do: turn_key, from: agreeing, by: [authority_key, commissioner_key]}
  - {do: give_back, from: agreeing, to: draft, by: [authority_key, commissioner_key], reason: true}
  - {do: close, from: window, to: done, by: [clock]}
  - {do: stop, from: any, to: stopped, by: [officer], when: [both_agree], reason: true}
promises:
  - reaching: done
    carries:
      - {act: turn_key, at: agreeing, when: both_turned}
      - {act: close, at: window}
  - reaching: stopped
    carries:
      - {act: stop, at: any, when: both_agree}
"""

VOCABULARY = Vocabulary(
    guards=frozenset({"complete", "both_turned", "solvent", "both_agree"}),
    parts=frozenset({"officer", "clock"}),
    acts=frozenset({"edit", "send", "turn_key", "give_back", "close", "stop"}),
    letters=frozenset({"reminder", "hurry", "to_agree"}),
    dates=frozenset({"visit_starts"}),
)


def example(text: str = TEXT) -> Workflow:
    """The workflow of a text."""
    return load_text(text, "example.yaml", VOCABULARY)


def damaged(old: str, new: str) -> str:
    """The example with one piece of its text replaced, which must be there once."""
    assert TEXT.count(old) == 1, f"{old!r} is in the example {TEXT.count(old)} times"
    return TEXT.replace(old, new)
