"""Mutants: each is a playbook that loads, and what is said of it is what a run of its own says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from engine import resources
from engine.incidents import mutate, suites_of
from engine.incidents.faults import Mutant
from engine.incidents.mutants import as_file, mutants
from engine.incidents.mutation import EQUIVALENT, KILLED, SURVIVED, UNTOLD, Mutation, as_dict
from engine.language.checks import check
from engine.language.diagnostics import has_errors, render_all
from engine.language.format import format_file
from engine.language.load import load_text
from engine.language.playbook import Playbook

PLAYBOOKS = resources.playbooks()
SHIPPED = ("airline", "saas", "retail_ja", "starter/care")
BY_HAND = 50


def of(path: Path) -> tuple[Playbook, Mutation, int]:
    (suite,) = suites_of([path])
    return suite.playbook, mutate(suite.playbook, suite.incidents), len(suite.incidents)


def by_hand(mutant: Mutant, playbook: Playbook, incidents: Path, folder: Path) -> str | None:
    """A run of its own over the mutant's text: killed, or not; None when it does not load."""
    folder.mkdir()
    text = format_file(as_file(playbook, mutant))
    (folder / "mutant.playbook").write_text(text, encoding="utf-8")
    _, findings = load_text(text, "mutant.playbook", folder)
    findings += check(load_text(text, "mutant.playbook", folder)[0])
    if has_errors(findings):
        return None
    recorded = folder / "mutant.incidents.yaml"
    recorded.write_text(
        incidents.read_text(encoding="utf-8").replace(f"playbook: {incidents.stem}", ""), encoding="utf-8"
    )
    (suite,) = suites_of([recorded])
    return KILLED if any(one.missed for one in suite.replay()) else "not killed"


def test_mutants_chosen_at_random_fare_as_in_runs_of_their_own(tmp_path: Path) -> None:
    random = Random(20261125)
    seen: Counter[str] = Counter()
    found = {name: of(PLAYBOOKS / f"{name}.incidents.yaml") for name in SHIPPED[:3]}
    for number in range(BY_HAND):
        name = random.choice(SHIPPED[:3])
        playbook, mutation, _ = found[name]
        fates = {id(one.mutant): one.fate for one in mutation.fates}
        fate = random.choice(mutation.fates)
        said = by_hand(fate.mutant, playbook, PLAYBOOKS / f"{name}.incidents.yaml", tmp_path / str(number))
        expected = KILLED if fates[id(fate.mutant)] == KILLED else "not killed"
        assert said == expected, (name, fate.mutant.change, fate.fate)
        seen[fate.fate] += 1
    assert seen[KILLED] >= BY_HAND / 2


@pytest.mark.parametrize("name", SHIPPED)
def test_a_mutant_loads_exactly_when_it_is_counted(name: str) -> None:
    path = PLAYBOOKS / f"{name}.incidents.yaml"
    playbook, mutation, _ = of(path)
    counted = {(one.mutant.span.start, one.mutant.kind, one.mutant.change) for one in mutation.fates}
    often_refused = {"rule removed", "outcome changed", "level changed"}
    made = mutants(playbook)
    for mutant in [one for i, one in enumerate(made) if i % 25 == 0 or (one.kind in often_refused and i % 3 == 0)]:
        text = format_file(as_file(playbook, mutant))
        changed, findings = load_text(text, f"{name}.playbook", path.parent)
        wrong = has_errors([*findings, *check(changed)])
        assert wrong is ((mutant.span.start, mutant.kind, mutant.change) not in counted), (
            mutant.change,
            render_all(findings),
        )


def test_the_score_is_the_same_every_time_and_on_any_number_of_processes() -> None:
    path = PLAYBOOKS / "airline.incidents.yaml"
    (suite,) = suites_of([path])
    once, again, together = (mutate(suite.playbook, suite.incidents, workers=count) for count in (1, 1, 2))
    assert as_dict(once) == as_dict(again) == as_dict(together)


# ---- what is changed


def changes(rules: str, before: str = "") -> list[tuple[str, str]]:
    playbook, findings = load_text(
        f"{before}\nstep start\n{rules}\n  otherwise -> respond publicly", "a.playbook", None
    )
    assert not has_errors([*findings, *check(playbook)]), render_all([*findings, *check(playbook)])
    return [(one.kind, one.change) for one in mutants(playbook)]


def test_thresholds_are_nudged_and_comparisons_turned() -> None:
    found = changes("  when author.followers >= 10k -> take private")
    assert ("threshold nudged", "author.followers >= 10k becomes author.followers >= 11k") in found
    assert ("threshold nudged", "author.followers >= 10k becomes author.followers >= 9k") in found
    assert ("comparison flipped", "author.followers >= 10k becomes author.followers < 10k") in found
    assert ("comparison moved", "author.followers >= 10k becomes author.followers > 10k") in found
    assert ("threshold nudged", "rating <= 2 becomes rating <= 3") in changes("  when rating <= 2 -> take private")
    assert ("threshold nudged", "thread.age > 1h becomes thread.age > 66m") in changes(
        "  when thread.age > 1h -> take private"
    )
    numbers = [
        change for kind, change in changes("  when sentiment <= -0.98 -> take private") if kind == "threshold nudged"
    ]
    assert numbers == ["sentiment <= -0.98 becomes sentiment <= -0.93"]


def test_conditions_are_dropped_negated_and_joined_otherwise() -> None:
    found = changes("  when author.vip and text asks a question -> take private")
    assert ("condition dropped", "without author.vip") in found
    assert ("condition negated", "author.vip becomes not author.vip") in found
    assert ("and becomes or", "author.vip and text asks a question becomes author.vip or text asks a question") in found
    assert ("negation dropped", "not author.vip becomes author.vip") in changes("  when not author.vip -> take private")
    assert ("value dropped", "without x") in changes("  when channel is one of x, line -> take private")


def test_rules_are_removed_swapped_and_led_elsewhere() -> None:
    found = changes('  when author.vip -> take private  tag "vip"\n  when text asks a question -> no reply needed')
    assert ("rule removed", "without when author.vip") in found
    assert (
        "rules swapped",
        "`when author.vip` before `when text asks a question` becomes the other way round",
    ) in found
    assert ("outcome changed", "take private becomes respond publicly") in found
    assert ("outcome changed", "respond publicly becomes take private") in found
    assert ("left out", 'without tag "vip"') in found


def test_terms_scales_scores_and_matrices_have_faults_too() -> None:
    before = """
    terms danger "fire", "smoke"
    score risk
      +10 for each danger, at most 3
      +5 when author.vip
    scale severity: low < medium < high
      high when risk >= 30
      medium when text mentions at least 2 of danger
      low otherwise
    scale exposure: few < many
      many when shares >= 5
      few otherwise
    matrix crisis: severity by exposure
      | | few | many |
      | low | public | public |
      | medium | private | marketing |
      | high | marketing | marketing |
    outcome marketing hand off to marketing priority urgent
    """
    found = changes("  when severity >= medium -> step crisis", before)
    for expected in (
        ("term removed", 'without "fire"'),
        ("threshold nudged", "3 becomes 2"),
        ("points removed", "without +5 when author.vip"),
        ("threshold nudged", "text mentions at least 2 of danger becomes text mentions at least 1 of danger"),
        ("level changed", "high becomes medium"),
        ("threshold nudged", "severity >= medium becomes severity >= high"),
        ("outcome changed", "medium, few: private becomes marketing"),
        ("outcome changed", "hand off to marketing becomes respond publicly"),
        ("left out", "without priority urgent"),
    ):
        assert expected in found, (expected, found)


def test_the_standard_library_is_not_changed() -> None:
    path = PLAYBOOKS / "airline.playbook"
    playbook, _ = load_text(path.read_bytes(), str(path), path.parent)
    assert {one.span.source.name for one in mutants(playbook)} == {str(path)}


# ---- what becomes of them


CARE = """
terms danger "fire", "smoke"
terms unused "a", "b"
scale severity: low < high
  high when text mentions danger
  low otherwise
step start
  when severity is high -> hand off to safety  tag "danger"
  when shares >= 10 -> take private
  otherwise -> respond publicly
guarantee "fire is handed off" always hand off when text mentions "fire"
"""


def fates(folder: Path, *messages: str) -> dict[str, str]:
    (folder / "care.playbook").write_text(CARE, encoding="utf-8")
    lines = "".join(f"      - {one}\n" for one in messages)
    path = folder / "care.incidents.yaml"
    path.write_text(f"incidents:\n  - incident: A\n    messages:\n{lines}", encoding="utf-8")
    _, found, _ = of(path)
    return {one.mutant.change: one.fate for one in found.fates}


def test_a_fault_is_killed_survives_or_is_untold(tmp_path: Path) -> None:
    found = fates(
        tmp_path, "{text: fire, expect: hand off to safety}", "{text: hello, shares: 9, expect: {not: hand off}}"
    )
    assert found['without "fire"'] == KILLED
    assert found['without "smoke"'] == UNTOLD
    assert found['without tag "danger"'] == SURVIVED
    assert found["shares >= 10 becomes shares >= 9"] == SURVIVED
    assert found["shares >= 10 becomes shares >= 11"] == UNTOLD
    assert found['without "a"'] == EQUIVALENT
    assert found["respond publicly becomes take private"] == SURVIVED


def test_a_broken_guarantee_kills(tmp_path: Path) -> None:
    found = fates(tmp_path, "{text: fire}", "{text: hello, expect: respond publicly}")
    assert found["without when severity is high"] == KILLED


def test_what_another_file_replaced_has_no_mutants(tmp_path: Path) -> None:
    shared = (
        'terms danger "fire", "smoke"\nscale severity: low < high\n  high when text mentions danger\n  low otherwise\n'
    )
    (tmp_path / "shared.playbook").write_text(shared, encoding="utf-8")
    own = """
    use "shared"
    replace scale severity: low < high
      high when shares >= 10
      low otherwise
    step start
      when severity is high and text mentions danger -> take private
      otherwise -> respond publicly
    """
    playbook, findings = load_text(own, "care.playbook", tmp_path)
    assert not has_errors(findings)
    changed = [(Path(one.span.source.name).stem, one.change) for one in mutants(playbook)]
    assert ("shared", 'without "fire"') in changed
    assert ("care", "shares >= 10 becomes shares >= 9") in changed
    assert ("shared", "high becomes low") not in changed
